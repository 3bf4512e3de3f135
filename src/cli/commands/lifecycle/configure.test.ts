import { expect, test } from 'vitest'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo'])
const { run } = fake

test('what is given is changed, and the rest stays as it was', async () => {
  await run(['configure', 'demo', '--label', 'Shop', '--limit-cpus', '2', '--env', 'A=1'])
  const changed = await run(['configure', 'demo', '--limit-memory', '4G', '--limit-cpus', 'none', '--json'])
  expect(changed.json()).toMatchObject({
    label: 'Shop',
    limits: { cpus: null, memoryBytes: 4 * 1024 ** 3 },
    env: { A: expect.any(String) },
  })
  expect((await run(['configure', 'demo', '--label', '', '--json'])).json()).toMatchObject({ label: null })
})

test('access to the clipboard is one of three words', async () => {
  expect((await run(['configure', 'demo', '--clipboard', 'never', '--json'])).json()).toMatchObject({ clipboard: 'never' })
  expect(await run(['configure', 'demo', '--clipboard', 'read'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('ask, allow, never'),
  })
})

test('without an option it is wrong usage', async () => {
  expect(await run(['configure', 'demo'])).toMatchObject({ code: 2, stdout: '' })
})

test('the init script is run again, and its log is printed', async () => {
  expect(await run(['rerun-init', 'demo'])).toMatchObject({ code: 0 })
  expect(fake.berth.calls).toContain('rerunInit demo')
  expect((await run(['init-log', 'demo'])).stdout).toContain('line 1')
  expect(fake.berth.calls.at(-1)).toContain('"source":"init"')
})

test('an idle workspace is kept running', async () => {
  expect(await run(['keep-running', 'demo'])).toMatchObject({ code: 0, stdout: 'demo keeps running\n' })
  expect(fake.berth.calls).toContain('keepRunning demo')
  expect((await run(['keep-running', 'demo', '--json'])).json()).toMatchObject({ name: 'demo', idleStopAt: null })
})
