import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FakeBerth, serveFakeBerth } from '../testing/fake-berth'
import { fakeHost } from '../testing/fake-host'
import { runMain } from '../testing/run-main'

let home: string
let berth: FakeBerth
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'berth-cli-'))
  berth = await serveFakeBerth(home, { names: ['demo', 'other'] })
})
afterEach(async () => {
  await berth.close()
  await rm(home, { recursive: true })
})

test('figures are a table for a person and lines or an array of JSON for a script', async () => {
  const { stdout } = await runMain(['stats', 'demo'], fakeHost(home))
  expect(stdout).toMatch(/^NAME .*\ndemo +150 % +1\.2 GB \/ 4\.0 GB +0 B\/s \/ 2\.0 MB\/s .* 12\n$/)
  expect((await runMain(['stats', 'demo', 'other', '--once', '--json'], fakeHost(home))).json()).toMatchObject([
    { workspace: 'demo', cpus: 1.5 },
    { workspace: 'other', memoryBytes: 1_200_000_000 },
  ])
  expect(JSON.parse((await runMain(['stats', 'demo', '--json'], fakeHost(home))).stdout)).toMatchObject({
    workspace: 'demo',
    processes: 12,
  })
})

test('a workspace that is not there is refused', async () => {
  expect((await runMain(['stats', 'nix', '--json'], fakeHost(home))).error()).toMatchObject({ code: 'WORKSPACE_NOT_FOUND' })
})
