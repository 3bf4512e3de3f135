import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { killsIn, useCrashTest } from './support/crash'
import { done, uniqueName } from './support/test-core'

let folders: string

/** What a test left is the next one's to find. */
const left = async () => (await readdir(folders)).sort()

const INIT = 'echo run >> runs'

describe('a host workspace, after kill -9', () => {
  const crash = useCrashTest()
  const core = () => crash.test.core
  const stateOf = (name: string) =>
    core()
      .workspaces.list()
      .find((workspace) => workspace.name === name)
  const remove = (name: string) => done(core(), core().workspaces.delete(name, { removeFolder: true }))

  beforeAll(async () => {
    folders = await mkdtemp(join(tmpdir(), 'berth-hosts-'))
    core().settings.update({ hostFolder: folders, hostWorkspaces: true })
  })
  afterAll(() => rm(folders, { recursive: true, force: true }))

  it.each(killsIn('host.create'))('$when step $step of create, it is wholly there or wholly gone', async ({ step, when, committed }) => {
    const name = uniqueName('host')
    await crash.crashAndRecover({ action: 'create-host', name, initScript: INIT, kill: { step, when } })
    if (!committed) {
      expect(stateOf(name)).toBeUndefined()
      expect(await left()).toEqual([])
      return
    }
    expect(stateOf(name)).toMatchObject({ problem: null, initState: 'done', operationId: null })
    expect(await readFile(join(folders, name, 'runs'), 'utf8')).toBe('run\n')
    await remove(name)
    expect(await left()).toEqual([])
  })

  it.each(killsIn('host.clone'))(
    '$when step $step of clone, the copy is whole or gone, and the source as it was',
    async ({ step, when, committed }) => {
      const [name, other] = [uniqueName('host'), uniqueName('copy')]
      await done(core(), core().workspaces.create({ name, host: {} }))
      await writeFile(join(folders, name, 'work'), 'work')
      await crash.crashAndRecover({ action: 'clone', name, other, kill: { step, when } })
      expect(await readFile(join(folders, name, 'work'), 'utf8')).toBe('work')
      if (committed) {
        expect(await readFile(join(folders, other, 'work'), 'utf8')).toBe('work')
        await remove(other)
      }
      expect(stateOf(other)).toBeUndefined()
      expect(await left()).toEqual([name])
      await remove(name)
    },
  )

  it.each(killsIn('host.delete'))('$when step $step of delete, it is gone with its folder', async ({ step, when }) => {
    const name = uniqueName('host')
    await done(core(), core().workspaces.create({ name, host: {} }))
    await writeFile(join(folders, name, 'work'), 'work')
    await crash.crashAndRecover({ action: 'delete-host', name, kill: { step, when } })
    expect(stateOf(name)).toBeUndefined()
    expect(await left()).toEqual([])
  })

  it.each(killsIn('host.restart'))('$when step $step of restart, it can be used', async ({ step, when }) => {
    const name = uniqueName('host')
    await done(core(), core().workspaces.create({ name, host: {} }))
    await crash.crashAndRecover({ action: 'restart', name, kill: { step, when } })
    await done(core(), core().workspaces.start({ name }))
    expect(stateOf(name)).toMatchObject({ status: 'running', problem: null })
    await remove(name)
  })

  it.each(killsIn('host.rename'))('$when step $step of rename, it has one name', async ({ step, when }) => {
    const [name, other] = [uniqueName('host'), uniqueName('new')]
    await done(core(), core().workspaces.create({ name, host: {} }))
    await crash.crashAndRecover({ action: 'rename', name, other, kill: { step, when } })
    expect([stateOf(name), stateOf(other)].filter(Boolean)).toHaveLength(1)
    await remove(stateOf(name) ? name : other)
  })
})
