import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openEnvironment } from '../../shared/environment'
import { openDamagedFiles } from './damaged-files'
import { lockHome } from './home-lock'
import { openInstallationId } from './installation-id'
import { openRecords, type SnapshotRecord } from './records'
import { createSecretVault } from './secret-vault'
import { openSettings, type SettingsStore } from './settings'
import { openSshKey } from './ssh-key'
import { workspaceRecord } from './testing/workspace-record'

const record = workspaceRecord()
const snapshot: SnapshotRecord = {
  id: 's1',
  workspaceId: 'w1',
  place: 'local',
  name: 'then',
  automatic: false,
  volumes: { home: 'h', docker: 'd' },
  storage: 'plain',
  createdAt: '2026-01-01T00:00:00.000Z',
}

let home: string
const damagedFiles = () => openDamagedFiles(home, () => new Date())
const records = () => openRecords(home, damagedFiles())
const vault = createSecretVault(randomBytes(32))
const open: SettingsStore[] = []
const settings = (damaged = damagedFiles()) => {
  const opened = openSettings(home, damaged, vault)
  open.push(opened)
  return opened
}
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'berth-settings-'))
})
afterEach(async () => {
  for (const opened of open.splice(0)) opened.close()
  await rm(home, { recursive: true, force: true })
})

describe('records', () => {
  it('are on the disk when a write returns, for their owner only', async () => {
    const opened = await records()
    await opened.put(record)
    expect((await records()).get('w1')).toEqual(record)
    expect((await stat(join(home, 'state.json'))).mode & 0o777).toBe(0o600)
  })

  it('are not written, nor copied, where nothing has changed', async () => {
    const inodes = () => Promise.all(['state.json', 'state.json.last-good'].map(async (name) => (await stat(join(home, name))).ino))
    const opened = await records()
    await opened.put(record)
    const before = await inodes()
    await opened.patch('w1', { label: record.label, limits: { ...record.limits } })
    await opened.patch('nobody', { label: 'x' })
    await records()
    expect(await inodes()).toEqual(before)
    await opened.patch('w1', { label: 'changed' })
    expect(await inodes()).not.toEqual(before)
  })

  it('survive many writes at once', async () => {
    const opened = await records()
    await Promise.all(Array.from({ length: 100 }, (_, index) => opened.put({ ...record, id: `w${index}`, name: `n${index}` })))
    expect((await records()).list()).toHaveLength(100)
  })

  it('that the disk refuses are not seen, and leave the others as they are', async () => {
    const opened = records()
    await opened.put(record)
    // In the way of the file that is written first.
    await rm(home, { recursive: true })
    await writeFile(home, '')
    await expect(opened.patch('w1', { label: 'refused' })).rejects.toThrow()
    await expect(opened.put({ ...record, id: 'w2', name: 'two' })).rejects.toThrow()
    await expect(opened.snapshots.put({ ...snapshot, id: 's2' })).rejects.toThrow()
    await expect(opened.remove('w1')).rejects.toThrow()
    expect(opened.list()).toEqual([record])
    expect(opened.snapshots.list()).toEqual([])
  })

  it('keep all of changes that come at once, also to one field', async () => {
    const opened = records()
    await opened.put(record)
    await Promise.all([
      opened.patch('w1', ({ limits }) => ({ limits: { ...limits, memoryBytes: 1e9 } })),
      opened.patch('w1', ({ limits }) => ({ limits: { ...limits, cpus: 2 } })),
      opened.patch('w1', { label: 'both' }),
    ])
    expect(opened.get('w1')).toMatchObject({ label: 'both', limits: { memoryBytes: 1e9, cpus: 2 } })
    expect(records().get('w1')).toEqual(opened.get('w1'))
  })

  it.each([
    ['{ half', { line: 1, column: 3, field: null }],
    ['', { line: 1, column: 1, field: null }],
    ['{"version": 2,\n "workspaces": [{"id": "w1",\n  "name": 7}], "snapshots": []}', { line: 3, column: 11, field: 'workspaces.0.name' }],
    ['{"version": 99, "workspaces": [], "snapshots": []}', { line: 1, column: 13, field: 'version' }],
  ])('that are damaged (%s) are set aside with the place, and the last good version counts', async (text, place) => {
    await records().put(record)
    records()
    await writeFile(join(home, 'state.json'), text)
    const damaged = damagedFiles()
    expect(openRecords(home, damaged).list()).toEqual([record])
    const [file] = damaged.list()
    expect(file).toMatchObject({ name: 'state.json', using: 'last-good', ...place })
    expect(await readFile(file?.setAsideAs ?? '', 'utf8')).toBe(text)
    // Another start reports it still, until it is accepted; the file itself stays.
    const next = damagedFiles()
    expect(next.list()).toMatchObject([{ name: 'state.json', setAsideAs: file?.setAsideAs }])
    await next.accept(file?.setAsideAs ?? '')
    expect(damagedFiles().list()).toEqual([])
    expect((await readdir(home)).filter((name) => name.startsWith('state.json.set-aside-'))).toHaveLength(1)
    await expect(next.accept(join(home, 'token'))).rejects.toMatchObject({ code: 'FILE_UNUSABLE' })
  })

  it('that are damaged and have no last good version start empty', async () => {
    await writeFile(join(home, 'state.json'), '[]')
    const damaged = damagedFiles()
    expect(openRecords(home, damaged).list()).toEqual([])
    expect(damaged.list()).toMatchObject([{ using: 'defaults' }])
  })
})

describe('settings', () => {
  it('have defaults, keep what is set, and leave the rest', () => {
    const opened = settings()
    expect(opened.get().sshPorts).toEqual({ from: 2200, to: 2400 })
    opened.update({ theme: 'dark' })
    expect(settings().get()).toMatchObject({ theme: 'dark', sshAddress: '127.0.0.1', sshPorts: { from: 2200, to: 2400 } })
  })

  it('that are damaged are set aside, and the last good ones count', async () => {
    settings().update({ theme: 'dark' })
    await writeFile(join(home, 'settings.json'), '{"theme": "darkk"}')
    const damaged = damagedFiles()
    const opened = settings(damaged)
    expect(opened.get().theme).toBe('dark')
    expect(damaged.list()).toMatchObject([{ name: 'settings.json', field: 'theme', line: 1, column: 11, using: 'last-good' }])
    opened.update({ terminalFontSize: 15 })
    expect(settings().get()).toMatchObject({ theme: 'dark', terminalFontSize: 15 })
  })

  it('that are written into the file take effect a moment later', async () => {
    const opened = settings()
    opened.update({ theme: 'dark' })
    const told = vi.fn()
    opened.onChange(told)
    const file = join(home, 'settings.json')
    await writeFile(file, '{"terminalFontSize": 17, "env": {"TOKEN": "planted"}}')
    await vi.waitFor(() => expect(told).toHaveBeenCalledOnce(), 5000)
    expect(opened.get()).toMatchObject({ terminalFontSize: 17, theme: 'system', env: { TOKEN: '***' } })
    expect(await readFile(file, 'utf8')).not.toContain('planted')
    opened.update({ theme: 'light' })
    expect(told).toHaveBeenCalledTimes(2)
  })

  it('that were written just before another change are not overwritten', async () => {
    const opened = settings()
    await writeFile(join(home, 'settings.json'), '{"terminalFontSize": 17}')
    expect(opened.update({ theme: 'dark' })).toMatchObject({ terminalFontSize: 17, theme: 'dark' })
  })

  it('that are written with a mistake are set aside, and those before stay in effect', async () => {
    const damaged = damagedFiles()
    const opened = settings(damaged)
    opened.update({ theme: 'dark' })
    await writeFile(join(home, 'settings.json'), '{\n  "theme": "light",\n  "terminalFontSize": 1\n}')
    await vi.waitFor(() => expect(damaged.list()).toHaveLength(1), 5000)
    expect(damaged.list()).toMatchObject([{ field: 'terminalFontSize', line: 3, using: 'last-good' }])
    expect(opened.get().theme).toBe('dark')
    expect(JSON.parse(await readFile(join(home, 'settings.json'), 'utf8'))).toMatchObject({ theme: 'dark' })
  })

  it('keep variables encrypted and show them masked; a mask that comes back changes nothing', async () => {
    const file = join(home, 'settings.json')
    await writeFile(file, '{"env": {"TOKEN": "planted", "OTHER": "planted too"}}')
    const opened = settings()
    expect(opened.get().env).toEqual({ TOKEN: '***', OTHER: '***' })
    opened.update({ env: { TOKEN: '***', NEW: 'new value' } })
    const kept = settings()
    expect(openEnvironment(kept.environment(), vault.open)).toEqual({ variables: { TOKEN: 'planted', NEW: 'new value' }, lost: [] })
    for (const written of [file, `${file}.last-good`]) {
      const text = await readFile(written, 'utf8')
      for (const secret of ['planted', 'new value']) expect(text).not.toContain(secret)
    }
    expect(() => opened.update({ env: { UNKNOWN: '***' } })).toThrow('UNKNOWN has no value yet')
  })

  it('keep a variable that can no longer be decrypted when others are encrypted', async () => {
    const lost = createSecretVault(randomBytes(32)).seal('of another key')
    await writeFile(join(home, 'settings.json'), JSON.stringify({ env: { LOST: lost, PLAIN: 'planted' } }))
    expect(openEnvironment(settings().environment(), vault.open)).toEqual({ variables: { PLAIN: 'planted' }, lost: ['LOST'] })
    expect(settings().environment().LOST).toBe(lost)
  })

  it('that the disk refuses stay as they were', async () => {
    const opened = settings()
    const heard: unknown[] = []
    opened.onChange((changed) => heard.push(changed))
    await rm(home, { recursive: true })
    await writeFile(home, '')
    expect(() => opened.update({ theme: 'dark' })).toThrow()
    expect(opened.get().theme).toBe('system')
    expect(heard).toEqual([])
  })
})

describe('the id of the installation', () => {
  it('outlives the damage and the loss of its file', async () => {
    const id = await openInstallationId(home, damagedFiles())
    await writeFile(join(home, 'installation-id'), 'nonsense!')
    const damaged = damagedFiles()
    expect(await openInstallationId(home, damaged)).toBe(id)
    expect(damaged.list()).toMatchObject([{ name: 'installation-id', using: 'last-good' }])
    await rm(join(home, 'installation-id'))
    expect(await openInstallationId(home, damagedFiles())).toBe(id)
  })
})

describe('the home', () => {
  it('is held by one at a time, and free again when that one is gone', () => {
    const lock = lockHome(home)
    expect(() => lockHome(home)).toThrow(expect.objectContaining({ code: 'ALREADY_RUNNING' }))
    lock.release()
    lockHome(home).release()
  })

  it('has one key pair, made once, for its owner only', async () => {
    const first = await openSshKey(home)
    expect(first.publicKey).toMatch(/^ssh-ed25519 /)
    expect((await stat(first.privateKeyPath)).mode & 0o777).toBe(0o600)
    expect(await openSshKey(home)).toEqual(first)
  })
})
