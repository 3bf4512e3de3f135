import type { BerthClient } from '../src/shared/contract/contract'
import { expect, test } from './berth-fixture'
import { uniqueName } from './berth-process'
import { button, heading, READY_MS, row } from './page-parts'

/** Takes half a minute to end, once it is asked to. */
const SLOW = 'trap "sleep 30; exit 0" TERM; while :; do sleep 0.1; done'

async function runNested(client: BerthClient, workspace: string, name: string): Promise<void> {
  const files = '/bin/sh /bin/sleep $(ldd /bin/sh /bin/sleep | grep -o "/[^ ]*" | grep -v :$ | sort -u)'
  const script = `tar -ch -C / ${files} 2>/dev/null | docker import - tiny:1 && docker run -d --name ${name} --stop-timeout 60 tiny:1 /bin/sh -c '${SLOW}'`
  const { exitCode, stderr } = await client.workspaces.exec({ workspace, command: ['bash', '-c', script] })
  expect(exitCode, stderr).toBe(0)
}

test('a stop says which nested container it waits for, and can be hurried', async ({ page, berth }) => {
  const name = uniqueName('waiting')
  await berth.client.workspaces.start({ name, wait: true })
  await runNested(berth.client, name, 'postgres')
  await row(page, name, 'running').click()
  await expect(heading(page, name)).toBeVisible()
  await button(page.getByRole('main'), 'Stop').click()
  await expect(page.getByRole('main').getByText('Waiting for postgres')).toBeVisible({ timeout: READY_MS })
  const hurried = performance.now()
  await button(page.getByRole('main'), 'Stop now').click()
  await expect(row(page, name, 'stopped')).toBeVisible({ timeout: READY_MS })
  // Well before the container would have ended by itself.
  expect(performance.now() - hurried).toBeLessThan(15_000)
})

test('text from elsewhere cannot make itself or its surroundings look like something else', async ({ page, berth }) => {
  const name = uniqueName('foreign')
  await berth.client.workspaces.start({ name, label: 'report\u202efdp.exe', wait: true })
  const line = 'log\u202eenil \u0007end'
  await berth.client.workspaces.exec({
    workspace: name,
    user: 'root',
    command: ['sh', '-c', 'printf "%s\\n" "$1" >/proc/1/fd/1', 'sh', line],
  })
  const link = row(page, `${name} report\u202efdp.exe`, 'running').or(row(page, `${name} report\\u202efdp.exe`, 'running'))
  await expect(link).toContainText('report\\u202efdp.exe')
  await link.click()
  await expect(page.getByRole('main').getByText('report\\u202efdp.exe').first()).toBeVisible()
  await page.getByRole('tab', { name: 'Logs' }).click()
  const logged = page.locator('.log-row').filter({ hasText: 'log\\u202eenil' })
  await expect(logged).toBeVisible({ timeout: READY_MS })
  expect(await page.locator('body').textContent()).not.toContain('\u202e')
})
