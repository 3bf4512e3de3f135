import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { problemToError } from '../src/main/workspaces/base/started-operation'
import type { Operation } from '../src/shared/operation'
import { longDescribe } from './support/long'
import { type SecondEngine, startSecondEngine } from './support/second-engine'
import { createTestCore, done, inside, leftOnEngine, running, type TestCore, uniqueName } from './support/test-core'

const run = promisify(execFile)
const MIB = 1024 ** 2

/** Too little for a file of a workspace, but the engine can still write its own. */
const ALMOST_NOTHING = MIB / 8

/** What is made for a while and taken back may leave its traces in the engine's own files. */
const TRACES_BYTES = 3 * MIB

longDescribe('when the engine’s disk is full', () => {
  let second: SecondEngine
  let test: TestCore
  let folder: string
  const source = uniqueName('full')
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-full-'))
    second = await startSecondEngine({ diskBytes: 2600 * MIB, image: LOCAL_IMAGE })
    test = await createTestCore({ engineEndpoint: second.endpoint, keptLayerMegabytes: 0 })
    await test.core.local.engine.reconnect()
    await done(test.core, test.core.workspaces.start({ name: source }))
    await inside(test.core, source, 'head -c 100M /dev/urandom > ~/large; echo then > ~/when')
    await ended(test, test.core.copies.createSnapshot(source, 'then'))
    await inside(test.core, source, 'echo now > ~/when')
  }, 240_000)
  afterAll(async () => {
    second.leaveFree(200 * MIB)
    await test.dispose()
    await second.dispose()
    await rm(folder, { recursive: true })
  })

  let before: { free: number; engine: string[] }
  const onEngine = async () => {
    const containers = await second.docker.listContainers({ all: true })
    const { Volumes: volumes } = await second.docker.listVolumes()
    const images = await second.docker.listImages({ all: true })
    return [
      // Keepers follow in the background.
      ...containers.flatMap(({ Names: names }) => names).filter((name) => !name.startsWith('/berth-keeper.')),
      ...volumes.map((volume) => volume.Name),
      ...images.map(({ Id: id }) => id),
    ].sort()
  }
  const fill = async (leave: number) => {
    second.leaveFree(leave)
    before = { free: second.freeBytes(), engine: await onEngine() }
  }

  async function isRefused(begun: Promise<{ operation: Operation }>, where: RegExp): Promise<void> {
    const failure = await ended(test, begun).then(
      () => null,
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({
      code: 'DISK_FULL',
      data: { where: expect.stringMatching(where), next: expect.stringContaining('ree space') },
    })
  }

  afterEach(async () => {
    const { core } = test
    expect(await onEngine()).toEqual(before.engine)
    expect(before.free - second.freeBytes()).toBeLessThan(TRACES_BYTES)
    second.leaveFree(200 * MIB)
    expect(core.workspaces.list().map(({ name }) => name)).toEqual([source])
    expect(core.workspaces.get(source)).toMatchObject({ status: 'running', problem: null })
    expect(await inside(core, source, 'cat ~/when')).toBe('now')
  })

  it('a clone', async () => {
    await fill(40 * MIB)
    await isRefused(test.core.copies.clone(source, { name: uniqueName('clone'), stop: false, start: true }), /engine/)
  })
  it('a clone with stop', async () => {
    await fill(40 * MIB)
    await isRefused(test.core.copies.clone(source, { name: uniqueName('clone'), stop: true, start: true }), /engine/)
  })
  it('a snapshot', async () => {
    await fill(40 * MIB)
    await isRefused(test.core.copies.createSnapshot(source, 'now'), /engine/)
    expect(await test.core.copies.listSnapshots(source, { measure: false })).toHaveLength(1)
  })
  it('a restore', async () => {
    await fill(40 * MIB)
    await isRefused(test.core.copies.restore(source, 'then', { force: true }), /engine/)
  })
  it('an export, which needs a copy', async () => {
    await fill(40 * MIB)
    const file = join(folder, 'one.berth')
    await isRefused(test.core.archives.export(source, { file, overwrite: false }), /engine/)
    expect([file, `${file}.partial`].filter(existsSync)).toEqual([])
  })
  it('an export to a small disk of this machine', async () => {
    await fill(1500 * MIB)
    const small = join(folder, 'small')
    await mkdir(small)
    await run('mount', ['-t', 'tmpfs', '-o', 'size=30m', 'tmpfs', small])
    const file = join(small, 'one.berth')
    try {
      await isRefused(test.core.archives.export(source, { file, overwrite: false }), /one\.berth/)
      expect([file, `${file}.partial`].filter(existsSync)).toEqual([])
    } finally {
      await run('umount', [small])
    }
  })

  describe('with a file to import', () => {
    let file: string
    beforeAll(async () => {
      second.leaveFree(1500 * MIB)
      file = join(folder, 'import.berth')
      await ended(test, test.core.archives.export(source, { file, overwrite: false }))
    })

    it('an import, before anything is made', async () => {
      await fill(40 * MIB)
      await isRefused(test.core.archives.import({ file, name: uniqueName('import'), start: true }), /engine/)
    })

    it.each(['image', 'home-volume'])('an import that has come to step %s', async (step) => {
      await fill(1500 * MIB)
      const name = uniqueName('import')
      atStep(step, name, () => second.leaveFree(ALMOST_NOTHING))
      await isRefused(test.core.archives.import({ file, name, start: true }), /engine/)
    })
  })

  it.each(['home-volume', 'container', 'start'])('a new workspace that has come to step %s', async (step) => {
    await fill(200 * MIB)
    const name = uniqueName('new')
    atStep(step, name, () => second.leaveFree(0))
    await isRefused(test.core.workspaces.create({ name }), /engine/)
  })

  /** Does that when the step begins, before the step does anything. */
  function atStep(name: string, workspace: string, work: () => void): void {
    const unsubscribe = test.core.operations.onChange(({ workspaceName, steps }) => {
      if (workspaceName !== workspace || steps.find((step) => step.name === name)?.status !== 'running') return
      unsubscribe()
      work()
    })
  }
})

longDescribe('when the pool is full', () => {
  let test: TestCore
  const [source, mover, filler] = [uniqueName('full'), uniqueName('mover'), uniqueName('filler')]
  beforeAll(async () => {
    test = await createTestCore()
    const { core } = test
    await core.local.storageSettings.enable(1024 * MIB)
    await done(core, core.workspaces.start({ name: source }))
    await inside(core, source, 'echo then > ~/when')
    await ended(test, core.copies.createSnapshot(source, 'then'))
    await inside(core, source, 'echo now > ~/when')
    await done(core, core.workspaces.start({ name: filler }))
    core.settings.update({ newWorkspaceStorage: 'plain' })
    await done(core, core.workspaces.start({ name: mover }))
    await inside(core, mover, 'head -c 100M /dev/urandom > ~/large; echo now > ~/when')
    core.settings.update({ newWorkspaceStorage: 'btrfs' })
  })
  afterAll(async () => {
    const { core } = test
    for (const { id } of core.workspaces.list()) await done(core, core.workspaces.delete(id))
    await core.local.storageSettings.disable()
    await test.dispose()
  })

  const freeBytes = async () => (await test.core.local.storageSettings.info()).pool?.freeBytes ?? 0
  const inFiller = (line: string) => inside(test.core, filler, line)
  const fill = () => inFiller('cat /dev/zero > ~/fill; for i in $(seq 2000); do head -c 1500 /dev/zero > ~/small$i || break; done; true')
  let containers: (string | null)[]
  const containersNow = () => test.core.workspaces.list().map(({ containerId }) => containerId)
  beforeEach(() => {
    containers = containersNow()
  })
  afterEach(async () => {
    const { core } = test
    await inFiller('rm -f ~/fill ~/small*; sync')
    expect(containersNow()).toEqual(containers)
    for (const name of [source, mover]) {
      expect(core.workspaces.get(name)).toMatchObject({ status: 'running', problem: null })
      expect(await inside(core, name, 'cat ~/when')).toBe('now')
    }
    expect((await leftOnEngine('t-gone')).sort()).toEqual([])
  })

  async function isRefused(begun: Promise<{ operation: Operation }>): Promise<void> {
    await expect(ended(test, begun)).rejects.toMatchObject({
      code: 'DISK_FULL',
      data: { where: 'the storage pool', next: expect.stringMatching(/[Ee]nlarge the pool/) },
    })
  }

  it.each([true, false])('a clone, with the source stopped for it: %s', async (stop) => {
    await fill()
    await isRefused(test.core.copies.clone(source, { name: uniqueName('gone'), stop, start: true }))
  })

  it('a restore, before anything is stopped', async () => {
    await fill()
    await isRefused(test.core.copies.restore(source, 'then', { force: true }))
  })

  it('a new workspace', async () => {
    await fill()
    await isRefused(test.core.workspaces.create({ name: uniqueName('gone') }))
  })

  it('a move to it, before it and in the middle of it', async () => {
    await fill()
    await isRefused(test.core.storageMigrations.move(mover, { driver: 'btrfs', stop: true }))
    await inFiller('rm -f ~/fill ~/small*; sync')
    const { operation } = await test.core.storageMigrations.move(mover, { driver: 'btrfs', stop: true })
    await new Promise<void>((resolve) => {
      const unsubscribe = test.core.operations.onChange(({ id, steps }) => {
        if (id !== operation.id || steps.find(({ name }) => name === 'stop')?.status !== 'running') return
        unsubscribe()
        resolve()
      })
    })
    await inFiller(`fallocate -l ${(await freeBytes()) - 40 * MIB} ~/fill`)
    await isRefused(Promise.resolve({ operation }))
    expect(test.core.workspaces.get(mover).storage).toBe('plain')
    await running(test.core, mover)
  })

  it('a snapshot takes no room of its own', async () => {
    await fill()
    await ended(test, test.core.copies.createSnapshot(source, 'full'))
    await inFiller('rm -f ~/fill ~/small*; sync')
    await done(test.core, test.core.copies.restore(source, 'full', { force: true }))
    containers = containersNow()
  })
})

async function ended(test: TestCore, begun: Promise<{ operation: Operation }>): Promise<Operation> {
  const end = await test.core.operations.whenEnded((await begun).operation.id)
  if (end.error) throw problemToError(end)
  return end
}
