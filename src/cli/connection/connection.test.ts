import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FakeBerth, serveFakeBerth } from '../testing/fake-berth'
import { fakeHost } from '../testing/fake-host'
import { withConnection, withRunningBerth } from './connection'
import { readDoor } from './door'

let home: string
let berth: FakeBerth
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'berth-door-'))
  berth = await serveFakeBerth(home, { names: ['demo'] })
})
afterEach(async () => {
  await berth.close()
  await rm(home, { recursive: true })
})

const context = () => ({ ...fakeHost(home), options: { json: false, quiet: false, verbose: false, autostart: false } })
const writeDoor = (changes: object) =>
  writeFile(join(home, 'door.json'), JSON.stringify({ pid: process.pid, url: berth.url, token: berth.token, version: '0', ...changes }))

test('the Berth of the home is found by its door file', async () => {
  const names = await withConnection(context(), async ({ client }) => (await client.workspaces.list()).map(({ name }) => name))
  expect(names).toEqual(['demo'])
})

test('a Berth of another version is told of, once the command line has been upgraded', async () => {
  const newer = { ...context(), version: '1.3.0' }
  await withConnection(newer, async ({ client }) => client.workspaces.list())
  expect(newer.stderr.text()).toBe(
    'Berth 1.2.3 is still running; this is 1.3.0. “berth quit” ends it, and the next command starts this one. Workspaces keep running.\n',
  )
  const same = context()
  await withConnection(same, async ({ client }) => client.workspaces.list())
  expect(same.stderr.text()).toBe('')
})

test('without a door file, and with one that is none, no Berth runs', async () => {
  for (const text of ['', '{', '{"pid":1}', 'null']) {
    await writeFile(join(home, 'door.json'), text)
    expect(await readDoor(home)).toBeNull()
  }
  await rm(join(home, 'door.json'))
  expect(await readDoor(home)).toBeNull()
  await expect(withConnection(context(), async () => 1)).rejects.toMatchObject({ code: 'BERTH_NOT_RUNNING', exitCode: 1 })
  expect(await withRunningBerth(context(), async () => 1)).toBeNull()
})

test('a wrong token, or a port where nobody listens, is a shut door', async () => {
  await writeDoor({ token: 'wrong' })
  await expect(withConnection(context(), async () => 1)).rejects.toMatchObject({ code: 'BERTH_NOT_RUNNING' })
  await writeDoor({ url: 'http://127.0.0.1:1' })
  await expect(withConnection(context(), async () => 1)).rejects.toMatchObject({ code: 'BERTH_NOT_RUNNING' })
})

test('the door of a process that has ended is not even knocked at', async () => {
  // Larger than any process id.
  await writeDoor({ pid: 2 ** 30 })
  await expect(withConnection(context(), async () => 1)).rejects.toMatchObject({ code: 'BERTH_NOT_RUNNING' })
})

test('a Berth that goes away in the middle is told as that', async () => {
  const lost = withConnection(context(), async ({ client }) => {
    const release = berth.hold()
    const { operation } = await client.workspaces.stop({ workspace: 'demo' })
    for await (const _ of await client.operations.watch({ operationId: operation.id })) await berth.close()
    release()
  })
  await expect(lost).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
})
