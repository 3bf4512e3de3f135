import { expect, test } from 'vitest'
import { useFakeBerth } from '../../testing/use-fake-berth'

const { run } = useFakeBerth(['demo', 'other'])

test('figures are a table for a person and lines or an array of JSON for a script', async () => {
  const { stdout } = await run(['stats', 'demo'])
  expect(stdout).toMatch(/^NAME .*\ndemo +150 % +1\.2 GB \/ 4\.0 GB +0 B\/s \/ 2\.0 MB\/s .* 12\n$/)
  expect((await run(['stats', 'demo', 'other', '--once', '--json'])).json()).toMatchObject([
    { workspace: 'demo', cpus: 1.5 },
    { workspace: 'other', memoryBytes: 1_200_000_000 },
  ])
  expect(JSON.parse((await run(['stats', 'demo', '--json'])).stdout)).toMatchObject({
    workspace: 'demo',
    processes: 12,
  })
})

test('a workspace that is not there is refused', async () => {
  expect((await run(['stats', 'nix', '--json'])).error()).toMatchObject({ code: 'WORKSPACE_NOT_FOUND' })
})
