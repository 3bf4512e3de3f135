import { expect, test } from './berth-fixture'

/** What the browser itself says of a door that stays shut. */
const REFUSED = /WebSocket connection to .* (HTTP Authentication failed|401)|status of 401/

test('a page with the wrong key is told so, and lets itself in with the right one @browser-only', async ({
  page,
  berth,
  expectedMessages,
}) => {
  expectedMessages.push(REFUSED)
  await page.goto('about:blank')
  await page.goto(`${berth.url}/#token=wrong`)
  await expect(page.getByRole('heading', { name: 'This page’s key was rejected' })).toBeVisible()
  await expect(page.getByText('bin/berth open')).toBeVisible()
  await page.goto('about:blank')
  await page.goto(berth.link)
  await expect(page.getByRole('link', { name: /^Engine: Docker/ })).toBeVisible()
})

test('a page without a key says how to get one @browser-only', async ({ page, berth, expectedMessages }) => {
  expectedMessages.push(REFUSED)
  await page.evaluate(() => localStorage.clear())
  await page.goto('about:blank')
  await page.goto(berth.url)
  await expect(page.getByRole('heading', { name: 'Open Berth with its link' })).toBeVisible()
})

test('the key is taken out of the address @browser-only', async ({ page, berth }) => {
  await expect(page.getByRole('link', { name: /^Engine: Docker/ })).toBeVisible()
  // Where it leads, when other tests have left workspaces, is one of these.
  expect(page.url()).toMatch(new RegExp(`^${berth.url}/#/(workspace/[a-z0-9-]+)?$`))
})
