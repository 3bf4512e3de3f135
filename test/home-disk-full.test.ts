import { execFile } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Core, createCore } from '../src/main/core'
import { imageContextPath } from '../src/main/resource-paths'
import { connected, done, portRange, uniqueName } from './support/test-core'

const run = promisify(execFile)

/** To the last byte, so that not even a small file has room. */
function fill(folder: string): void {
  const filler = openSync(join(folder, 'filler'), 'w')
  const block = Buffer.alloc(4096)
  try {
    for (;;) writeSync(filler, block)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  } finally {
    closeSync(filler)
  }
}

async function smallDisk(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-home-full-'))
  await run('mount', ['-t', 'tmpfs', '-o', 'size=3m,mode=700', 'tmpfs', folder])
  return folder
}

describe('when the disk of BERTH_HOME is full', () => {
  let home: string
  let core: Core
  const name = uniqueName('home-full')
  beforeAll(async () => {
    home = await smallDisk()
    core = await createCore({ home, door: 'headless', version: '0.0.0-test', imageContextPath: imageContextPath() })
    core.settings.update({ sshPorts: portRange() })
    await connected(core)
    await done(core, core.workspaces.start({ name, label: 'before' }))
  })
  afterAll(async () => {
    await rm(join(home, 'filler'), { force: true })
    await done(core, core.workspaces.delete(name))
    await core.close()
    await run('umount', [home])
    await rm(home, { recursive: true })
  })

  it('changes are refused as such and not seen, and are taken once there is room', async () => {
    fill(home)
    expect(() => core.settings.update({ theme: 'dark' })).toThrow(expect.objectContaining({ code: 'DISK_FULL' }))
    expect(core.settings.get().theme).toBe('system')
    await expect(core.workspaces.update(name, { label: 'refused' })).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(core.workspaces.get(name).label).toBe('before')
    await expect(done(core, core.workspaces.stop(name))).rejects.toMatchObject({ code: 'DISK_FULL' })
    await expect(done(core, core.workspaces.create({ name: uniqueName('none') }))).rejects.toMatchObject({ code: 'DISK_FULL' })
    expect(core.workspaces.list()).toMatchObject([{ name, label: 'before', operationId: null }])

    await rm(join(home, 'filler'))
    await core.workspaces.update(name, { label: 'after' })
    core.settings.update({ theme: 'dark' })
    await done(core, core.workspaces.stop(name))
    expect(core.workspaces.get(name)).toMatchObject({ label: 'after', status: 'stopped' })
  })
})

describe('a Berth in the background, when the disk of its log is full', () => {
  let home: string
  const name = uniqueName('log-full')
  /** The code of the error; null when it succeeded. */
  async function berth(...args: string[]): Promise<{ error: string | null; output: string }> {
    const options = { env: { ...process.env, BERTH_HOME: home } }
    try {
      return { error: null, output: (await run(join(import.meta.dirname, '../bin/berth'), [...args, '--json'], options)).stdout }
    } catch (failed) {
      const { stderr } = failed as { stderr: string }
      return { error: JSON.parse(stderr).error.code, output: stderr }
    }
  }
  const pid = async () => JSON.parse((await berth('info')).output).berth.pid
  beforeAll(async () => {
    home = await smallDisk()
    await writeFile(join(home, 'settings.json'), JSON.stringify({ sshPorts: portRange() }))
    expect(await berth('start', name)).toMatchObject({ error: null })
  })
  afterAll(async () => {
    await rm(join(home, 'filler'), { force: true })
    expect(await berth('delete', name, '--yes')).toMatchObject({ error: null })
    await berth('quit')
    await run('umount', [home])
    await rm(home, { recursive: true })
  })

  it('refuses what it cannot store, and continues', async () => {
    const before = await pid()
    fill(home)
    for (const args of [
      ['settings', 'set', 'theme', 'dark'],
      ['stop', name],
      ['create', uniqueName('none')],
    ]) {
      expect(await berth(...args), args.join(' ')).toMatchObject({ error: 'DISK_FULL' })
    }
    expect(await pid()).toBe(before)
    await rm(join(home, 'filler'))
    expect(await berth('stop', name)).toMatchObject({ error: null })
    expect(await pid()).toBe(before)
  })
})
