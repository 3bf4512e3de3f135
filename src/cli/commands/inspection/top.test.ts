import { expect, test } from 'vitest'
import { useFakeBerth } from '../../testing/use-fake-berth'

const { run } = useFakeBerth(['demo'])

test('processes are a table for a person and an array of JSON for a script', async () => {
  const { stdout } = await run(['top', 'demo'])
  expect(stdout).toMatch(/^PID +PARENT .*\n70 +1 +5 min 12 s +0\.4 s +1\.5 MiB +\/usr\/sbin\/sshd -D\n71 +70 .* node server\.js\n$/)
  expect((await run(['processes', 'demo', '--json'])).json()).toMatchObject([{ pid: 70 }, { pid: 71, command: 'node server.js' }])
})

test('a workspace that is not there is refused', async () => {
  expect((await run(['top', 'nix', '--json'])).error()).toMatchObject({ code: 'WORKSPACE_NOT_FOUND' })
})
