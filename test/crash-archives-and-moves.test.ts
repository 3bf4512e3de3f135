import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openArchive } from '../src/main/storage/archive/archive-read'
import { inContainer } from '../src/shared/testing/in-container'
import { killsIn, layersOf, useCrashTest, useWork } from './support/crash'
import { longDescribe } from './support/long'
import { docker, done, inside, leftOnEngine, ownerLabel, uniqueName } from './support/test-core'

// Kills of the other operations are enough each time: the journal goes the same way, and the simulation has these, too.
longDescribe('after kill -9, with a source that has work in it', () => {
  const crash = useCrashTest()
  const source = uniqueName('work')
  const work = useWork(crash, source)

  it.each(killsIn('workspace.export'))(
    '$when step $step of an export, the file is wholly there or nothing of it is',
    async ({ step, when, committed }) => {
      const file = join(crash.test.home, `${uniqueName('crash')}.berth`)
      await crash.crashAndRecover({ action: 'export', name: source, other: file, kill: { step, when } })
      expect([file, `${file}.partial`].filter(existsSync)).toEqual(committed ? [file] : [])
      await expectNoTemporaries()
      await work.isWhole()
      if (committed) await (await openArchive(file)).close()
    },
  )

  describe('and a file that it was exported to', () => {
    const file = join(tmpdir(), `${uniqueName('crash')}.berth`)
    beforeAll(async () => {
      const { operation } = await crash.test.core.archives.export(source, { file, overwrite: false })
      expect((await crash.test.core.operations.whenEnded(operation.id)).error).toBeNull()
    })
    afterAll(() => rm(file))

    it.each(killsIn('workspace.import'))('$when step $step of an import, it is wholly there or gone', async ({ step, when, committed }) => {
      const name = uniqueName('crash')
      await crash.crashAndRecover({ action: 'import', name, other: file, kill: { step, when } })
      if (committed) {
        await crash.expectWhollyThere(name)
        expect(await inside(crash.test.core, name, work.show)).toBe('home\nlayer')
        await done(crash.test.core, crash.test.core.workspaces.delete(name))
      }
      expect(await leftOnEngine(name)).toEqual([])
      expect(crash.test.core.workspaces.list().map((workspace) => workspace.name)).not.toContain(name)
      await expectNoTemporaries()
    })
  })

  /** Of exports and imports of this Berth's. */
  async function expectNoTemporaries(): Promise<void> {
    const { id } = crash.test.core.workspaces.get(source)
    const helpers = await docker.listContainers({ all: true, filters: { label: [await ownerLabel(crash.test), 'dev.berth.role=helper'] } })
    const { Volumes: volumes } = await docker.listVolumes({ filters: { label: [`dev.berth.id=${id}`, 'dev.berth.role=snapshot-home'] } })
    const images = await docker.listImages({ filters: { label: [`dev.berth.id=${id}`] } })
    const tags = images.flatMap((image) => image.RepoTags ?? []).filter((tag) => tag.endsWith(':export') || tag.endsWith(':import'))
    expect({ helpers, volumes: volumes ?? [], tags }).toEqual({ helpers: [], volumes: [], tags: [] })
  }

  describe('and a pool', () => {
    // One goes to the pool, the other comes from there; what is taken back is there for the next kill.
    const names = { before: uniqueName('crash'), after: uniqueName('crash') }
    beforeAll(async () => {
      await crash.test.core.local.storageSettings.enable(1024 ** 3)
      crash.test.core.settings.update({ newWorkspaceStorage: 'plain' })
      for (const name of Object.values(names))
        await done(crash.test.core, crash.test.core.copies.clone(source, { name, stop: false, start: true }))
      await done(crash.test.core, crash.test.core.storageMigrations.move(names.after, { driver: 'btrfs', stop: true }))
    })
    afterAll(async () => {
      for (const name of Object.values(names)) await done(crash.test.core, crash.test.core.workspaces.delete(name))
      await crash.test.core.local.storageSettings.disable()
    })

    it.each(killsIn('workspace.move'))(
      '$when step $step of a move, it is wholly in one place and runs',
      async ({ step, when, committed }) => {
        const name = names[when]
        const { id, storage } = crash.test.core.workspaces.get(name)
        const other = storage === 'plain' ? 'btrfs' : 'plain'
        await crash.crashAndRecover({ action: 'move', name, other, kill: { step, when } })
        const workspace = crash.test.core.workspaces.get(name)
        expect(workspace).toMatchObject({ storage: committed ? other : storage, problem: null })
        expect(await inside(crash.test.core, name, work.show)).toBe('home\nlayer')
        const { home, docker: nested } = inContainer(workspace).volumes
        expect((await leftOnEngine(name)).sort()).toEqual([`/workspace-${name}`, home, nested].sort())
        expect((await docker.getVolume(home).inspect()).Options?.type).toBe(workspace.storage === 'btrfs' ? 'btrfs' : undefined)
        expect((await layersOf(id)).length).toBeLessThanOrEqual(1)
      },
    )
  })
})
