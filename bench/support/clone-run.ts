import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { StorageDriverName } from '../../src/shared/storage-driver-name'
import { inContainer } from '../../src/shared/testing/in-container'
import { createTestCore, done, uniqueName } from '../../test/support/test-core'
import { sshGreets, watchContainers } from './answering'
import { startFreshEngine } from './fresh-engine'
import { peerCopy } from './peer-copy'
import { writtenBytes } from './written-bytes'

const run = promisify(execFile)

/** Milliseconds from the beginning of the copy; bytes. */
export interface Measured {
  /** Until all data of the copy could be read. */
  copied: number
  /** Until the copy ran and its ssh server greeted. */
  ready: number
  /** Until, after that, all that was written was on the disk. */
  flushed: number
  /** The longest time in which a process in the source did nothing. */
  away: number
  /** What came to the disk, with all that file systems write beside the data. */
  bytes: number
}

/** An engine of its own with a Berth, and two ways to copy a workspace there. What they make is removed again by each. */
export interface CloneRun {
  core: Awaited<ReturnType<typeof createTestCore>>['core']
  /** A new workspace that runs. */
  create(driver: StorageDriverName): Promise<string>
  /** Waits until what was written in the workspace is on the disk. */
  settle(workspace: string): Promise<void>
  byBerth(workspace: string): Promise<Measured>
  byPeer(workspace: string): Promise<Measured>
  remove(workspace: string): Promise<void>
  dispose(): Promise<void>
}

export async function startCloneRun({ diskBytes, poolBytes }: { diskBytes: number; poolBytes: number }): Promise<CloneRun> {
  const engine = await startFreshEngine(diskBytes)
  const { docker, mount } = engine
  // The first that it looks for: a setting would come after it has found the machine's.
  process.env.DOCKER_HOST = engine.endpoint
  const test = await createTestCore().catch(async (error: unknown) => {
    await engine.dispose()
    throw error
  })
  const { core } = test

  async function settle(workspace: string): Promise<void> {
    // What is on the pool, and then what is below it.
    await core.workspaces.exec(workspace, { command: ['sync', '-f', '/home/workspace'], user: 'root' })
    await run('sync', ['-f', mount])
  }

  function containerOf(workspace: string): string {
    return inContainer(core.workspaces.get(workspace)).containerName
  }

  /** `copy` makes the copy, says when it is complete, and returns what it made. */
  async function measure(
    workspace: string,
    copy: (onCopied: () => void, enter: () => Promise<void>) => Promise<{ container: string; remove(): Promise<unknown> }>,
  ): Promise<Measured> {
    const watch = watchContainers(docker)
    await watch.enter(containerOf(workspace))
    const writtenBefore = await writtenBytes(mount)
    const begin = performance.now()
    let copied = Number.NaN
    const made = await copy(
      () => {
        copied = performance.now() - begin
      },
      () => watch.enter(containerOf(workspace)),
    )
    await sshGreets(docker, made.container, engine.pid())
    const ready = performance.now() - begin
    await settle(workspace)
    const flushed = performance.now() - begin
    const bytes = (await writtenBytes(mount)) - writtenBefore
    const away = watch.longestGap()
    await watch.leave()
    await made.remove()
    await settle(workspace)
    return { copied, ready, flushed, away, bytes }
  }

  return {
    core,
    settle,
    async create(driver) {
      const name = uniqueName(driver)
      if (driver === 'btrfs') await core.local.storageSettings.enable(poolBytes)
      core.settings.update({ newWorkspaceStorage: driver })
      await done(core, core.workspaces.start({ name }))
      return name
    },
    byBerth: (workspace) =>
      measure(workspace, async (onCopied) => {
        const name = uniqueName('clone')
        const unsubscribe = core.operations.onChange(({ workspaceName, steps }) => {
          if (workspaceName !== name || steps.find((step) => step.name === 'volumes')?.status !== 'done') return
          onCopied()
          unsubscribe()
        })
        await done(core, core.copies.clone(workspace, { name, stop: false, start: true }))
        return { container: containerOf(name), remove: () => done(core, core.workspaces.delete(name)) }
      }),
    byPeer: (workspace) =>
      measure(workspace, async (onCopied, enter) => {
        const copy = await peerCopy(docker, { source: containerOf(workspace), name: uniqueName('peer'), onCopied, onStarted: enter })
        return { container: copy.containerId, remove: copy.remove }
      }),
    async remove(workspace) {
      await done(core, core.workspaces.delete(workspace))
    },
    async dispose() {
      for (const { id } of core.workspaces.list()) await done(core, core.workspaces.delete(id))
      await core.local.storageSettings.disable()
      await test.dispose()
      await engine.dispose()
    },
  }
}
