import { expect, test } from 'vitest'
import { useFakeBerth } from '../../testing/use-fake-berth'

const { run } = useFakeBerth(['demo', 'other'])

test('figures are a table for a person and lines or an array of JSON for a script', async () => {
  const { stdout } = await run(['stats', 'demo'])
  expect(stdout).toMatch(/^NAME .*\ndemo +150 % +1\.5 GiB \/ 4 GiB +0 B\/s \/ 2 MiB\/s .* 12\n$/)
  expect((await run(['stats', 'demo', 'other', '--once', '--json'])).json()).toMatchObject([
    { workspace: 'demo', cpus: 1.5 },
    { workspace: 'other', memoryBytes: 1.5 * 1024 ** 3 },
  ])
  expect(JSON.parse((await run(['stats', 'demo', '--json'])).stdout)).toMatchObject({
    workspace: 'demo',
    processes: 12,
  })
})

test('a workspace that is not there is refused', async () => {
  expect((await run(['stats', 'nix', '--json'])).error()).toMatchObject({ code: 'WORKSPACE_NOT_FOUND' })
})
