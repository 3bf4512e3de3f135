import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDamagedFiles } from '../settings/damaged-files'
import { readDoorFile, removeDoorFile, writeDoorFile } from './door-file'
import { openDoor } from './open-door'
import { createProbe, createTestRouter, noFiles } from './testing/test-door'
import { loadToken } from './token-file'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'berth-door-'))
})
afterEach(() => rm(home, { recursive: true }))

const load = (files = openDamagedFiles(home, () => new Date())) => loadToken(home, files)
const modeOf = async (name: string) => (await stat(join(home, name))).mode & 0o777

describe('the token', () => {
  it('is made once, of 32 random bytes, for its owner only', async () => {
    const token = await load()
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(await modeOf('token')).toBe(0o600)
    expect(await load()).toBe(token)
  })

  it('is closed to others again when a backup left it open', async () => {
    const token = await load()
    await writeFile(join(home, 'token'), token, { mode: 0o644 })
    await rm(join(home, 'token'))
    await writeFile(join(home, 'token'), token, { mode: 0o644 })
    expect(await load()).toBe(token)
    expect(await modeOf('token')).toBe(0o600)
  })

  it.each(['', '\n', 'short', `${'x'.repeat(42)}é`, '\0'.repeat(43)])(
    'that is damaged (%j) is set aside and reported, and a new one made',
    async (content) => {
      await writeFile(join(home, 'token'), content)
      const files = openDamagedFiles(home, () => new Date())
      const token = await load(files)
      expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
      expect(await load()).toBe(token)
      const [damaged] = files.list()
      expect(damaged).toMatchObject({ name: 'token', reason: 'It contains no token.', using: 'defaults' })
      expect(await readFile(damaged?.setAsideAs ?? '', 'utf8')).toBe(content)
    },
  )
})

describe('the door file', () => {
  const door = { pid: 1, url: 'http://127.0.0.1:1', token: 't', version: '0' }

  it('is read back, for its owner only', async () => {
    expect(await readDoorFile(home)).toBeNull()
    await writeDoorFile(home, door)
    expect(await modeOf('door.json')).toBe(0o600)
    expect(await readDoorFile(home)).toEqual(door)
  })

  it('is none when it cannot be understood', async () => {
    for (const content of ['', '{"pid":', '{"pid":1}', '[]']) {
      await writeFile(join(home, 'door.json'), content)
      expect(await readDoorFile(home)).toBeNull()
    }
  })

  it('is left alone by one that is not its owner', async () => {
    await writeDoorFile(home, { ...door, pid: 2 })
    await removeDoorFile(home, door)
    expect(await readDoorFile(home)).toMatchObject({ pid: 2 })
    await removeDoorFile(home, { ...door, pid: 2 })
    expect(await readDoorFile(home)).toBeNull()
  })
})

it('opens a door that its file leads to, and takes the file away when it closes', async () => {
  const opened = await openDoor({
    home,
    damagedFiles: openDamagedFiles(home, () => new Date()),
    router: createTestRouter(createProbe()),
    attachStream: () => {},
    files: noFiles,
    port: 0,
    staticRoot: home,
    version: '9',
  })
  const door = await readDoorFile(home)
  expect(door).toEqual({ ...opened.door, pid: process.pid, version: '9' })
  expect(opened.pageUrl).toBe(`${door?.url}/#token=${door?.token}`)
  const answer = await fetch(`${door?.url}/api/workspaces`, { headers: { authorization: `Bearer ${door?.token}` } })
  expect(answer.status).toBe(200)
  await answer.text()
  await opened.close()
  expect(await readDoorFile(home)).toBeNull()
})
