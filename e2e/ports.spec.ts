import { expect, test } from './berth-fixture'
import { uniqueName } from './berth-process'
import { accessibilityOf, button, READY_MS, row, tab } from './page-parts'

/** Answers every connection with one line. */
const server = (port: number) =>
  `use Socket; socket(my $s, PF_INET, SOCK_STREAM, 0); bind($s, sockaddr_in(${port}, inet_aton("127.0.0.1"))); listen($s, 5); while (accept(my $c, $s)) { sysread($c, my $request, 4096); syswrite($c, "HTTP/1.0 200 OK\\r\\n\\r\\nhello from inside"); close $c }`

test('what begins to listen shows by itself, is forwarded with a click, and opens', async ({ page, berth, followOutside }) => {
  const name = uniqueName('ports')
  await berth.client.workspaces.start({ name, wait: true })
  const begin = (port: number) =>
    berth.client.workspaces.exec({
      workspace: name,
      command: ['setsid', '-f', 'sh', '-c', 'exec perl -e "$1" >/dev/null 2>&1', 'sh', server(port)],
    })
  await row(page, name, 'running').click()
  await tab(page, 'Ports').click()
  await expect(page.getByRole('heading', { name: 'No listening ports yet' })).toBeVisible()

  await begin(8301)
  const line = page.getByRole('row', { name: /^8301 perl/ })
  await expect(line).toBeVisible()
  await button(line, 'Forward port 8301').click()
  const link = line.getByRole('link', { name: /^127\.0\.0\.1:\d+/ })
  await expect(link).toBeVisible()
  expect(await (await fetch(await followOutside(link))).text()).toBe('hello from inside')
  expect((await accessibilityOf(page).analyze()).violations).toEqual([])

  await button(line, 'End the forward of port 8301').click()
  await expect(button(line, 'Forward port 8301')).toBeVisible()

  // On another tab, a notice says it and offers the same.
  await tab(page, 'Overview').click()
  await begin(8302)
  const notice = page.getByText('perl listens on port 8302')
  await expect(notice).toBeVisible()
  await button(page, 'Forward').click()
  await expect(page.getByRole('link', { name: /on this machine, opens in the browser/ })).toBeVisible()

  // A number can be typed before anything listens, and it waits while the workspace is stopped.
  await tab(page, 'Ports').click()
  const form = page.getByRole('form', { name: 'Forward a port' })
  await form.getByLabel('Port in the workspace').fill('99999')
  await expect(form.getByText('Enter a port number from 1 to 65535.')).toBeVisible()
  await form.getByLabel('Port in the workspace').fill('8303')
  await button(form, 'Forward').click()
  await expect(page.getByRole('row', { name: /^8303 nothing listens/ })).toBeVisible()
  await berth.client.workspaces.stop({ workspace: name, wait: true })
  await expect(page.getByRole('row', { name: /^8303 not running .* waits/ })).toBeVisible({ timeout: READY_MS })
})
