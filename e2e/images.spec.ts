import { expect, test } from './berth-fixture'
import { uniqueName } from './berth-process'
import { accessibilityOf, button, dialog, heading } from './page-parts'

test('images are listed with their use; one is built, and a workspace rebuilt, after a look at what is lost', async ({ page, berth }) => {
  const name = uniqueName('image')
  await berth.client.workspaces.start({ name, wait: true })
  await page.getByRole('link', { name: 'Images', exact: true }).click()
  await expect(heading(page, 'Images')).toBeVisible()
  // Those of other tests are named there too, of which a row shows only the first.
  const used = page.getByRole('list', { name: 'Images' }).getByRole('listitem').filter({ hasText: 'used by' }).first()
  await expect(used).toContainText('berth')
  await expect(used.getByRole('button')).toHaveCount(0)
  expect((await accessibilityOf(page).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()).violations).toEqual([])

  await button(page, 'Build…').click()
  const build = dialog(page)
  await build.getByLabel('Distribution').selectOption('Debian 12')
  await build.getByRole('radio', { name: 'Small' }).click()
  await expect(build).toContainText('berth-base:debian-bookworm')
  await build.getByLabel('Base image').fill('registry.invalid/none:1')
  await button(build, 'Build').click()
  await expect(page.getByRole('alert').first()).toContainText('the base image registry.invalid/none:1 is unavailable')
  await button(page, 'Last build’s log').click()
  await expect(dialog(page).getByRole('log')).toContainText('Building berth-base:debian-bookworm')
  await page.keyboard.press('Escape')

  await page.getByRole('navigation', { name: 'Workspaces' }).getByRole('link', { name }).click()
  await button(page, 'More actions').click()
  await page.getByRole('menuitem', { name: 'Rebuild…' }).click()
  await expect(dialog(page)).toContainText('You have not installed any packages yourself')
  await dialog(page).getByLabel('Image', { exact: true }).fill('Not An Image')
  await expect(button(dialog(page), 'Stop and rebuild')).toBeDisabled()
})
