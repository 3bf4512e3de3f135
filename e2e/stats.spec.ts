import { expect, test } from './berth-fixture'
import { uniqueName } from './berth-process'
import { accessibilityOf, button, row } from './page-parts'

test('a running workspace shows what it uses, and its plots can be made larger', async ({ page, berth }) => {
  const name = uniqueName('stats')
  await berth.client.workspaces.start({ name, wait: true })
  await row(page, name, 'running').click()
  const figures = page.getByRole('region', { name: 'Live figures' })
  await expect(figures.getByText(/^\d+ %$/)).toBeVisible()
  await expect(figures.getByText(/^[\d.]+ ([KMG]i)?B of [\d.]+ [MG]iB$/)).toBeVisible()
  await expect(figures.locator('canvas')).toHaveCount(4)
  const small = (await figures.boundingBox())?.height ?? 0
  await button(figures, 'Larger').click()
  await expect.poll(async () => (await figures.boundingBox())?.height ?? 0).toBeGreaterThan(small * 1.5)
  expect((await accessibilityOf(page).analyze()).violations).toEqual([])
  await berth.client.workspaces.stop({ workspace: name, wait: true })
  await expect(figures).toBeHidden()
})
