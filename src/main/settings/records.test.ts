import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockHome } from './home-lock'
import { openRecords } from './records'
import { openSettings } from './settings'
import { openSshKey } from './ssh-key'
import { workspaceRecord } from './testing/workspace-record'

const record = workspaceRecord()

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'berth-settings-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

describe('records', () => {
  it('are on the disk when a write returns, for their owner only', async () => {
    const records = await openRecords(home)
    await records.put(record)
    expect((await openRecords(home)).get('w1')).toEqual(record)
    expect((await stat(join(home, 'state.json'))).mode & 0o777).toBe(0o600)
  })

  it('survive many writes at once', async () => {
    const records = await openRecords(home)
    await Promise.all(Array.from({ length: 100 }, (_, index) => records.put({ ...record, id: `w${index}`, name: `n${index}` })))
    expect((await openRecords(home)).list()).toHaveLength(100)
  })

  it('that cannot be read are refused and left as they are', async () => {
    await writeFile(join(home, 'state.json'), '{"version":1,"workspaces":[{}]}')
    await expect(openRecords(home)).rejects.toMatchObject({ code: 'RECORDS_UNREADABLE' })
    await writeFile(join(home, 'state.json'), '{ half')
    await expect(openRecords(home)).rejects.toMatchObject({ code: 'RECORDS_UNREADABLE' })
    expect(await readFile(join(home, 'state.json'), 'utf8')).toBe('{ half')
  })
})

describe('settings', () => {
  it('have defaults, keep what is set, and leave the rest', () => {
    const settings = openSettings(home)
    expect(settings.get().sshPorts).toEqual({ from: 2200, to: 2400 })
    settings.update({ theme: 'dark' })
    expect(openSettings(home).get()).toMatchObject({ theme: 'dark', sshAddress: '127.0.0.1', sshPorts: { from: 2200, to: 2400 } })
  })

  it('that cannot be read are refused', async () => {
    await writeFile(join(home, 'settings.json'), '{ half')
    expect(() => openSettings(home)).toThrow(expect.objectContaining({ code: 'RECORDS_UNREADABLE' }))
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
