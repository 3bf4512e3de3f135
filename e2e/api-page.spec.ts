import { expect, test } from './berth-fixture'

test('the page of the API lists every procedure with its input and answer @browser-only', async ({ page, berth }) => {
  await expect(page.getByRole('link', { name: /^Engine: Docker/ })).toBeVisible()
  await page.goto(`${berth.url}/api`)
  await expect(page.getByRole('heading', { name: 'Berth API', level: 1 })).toBeVisible()
  const procedures = page.getByRole('navigation', { name: 'Procedures' })
  for (const name of ['create', 'start', 'stop', 'delete', 'exec', 'logs']) {
    await expect(procedures.getByRole('link', { name, exact: true }).first()).toBeVisible()
  }
  await page.locator('summary', { hasText: 'refused if the name is taken' }).click()
  await expect(page.getByText('Lowercase letters a-z, digits and dashes; at most 63 characters.').first()).toBeVisible()
})
