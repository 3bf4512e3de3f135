import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StorageDriverName } from '../src/shared/storage-driver-name'
import { inContainer } from '../src/shared/testing/in-container'
import { longIt } from './support/long'
import { createTestCore, docker, done, inside, leftOnEngine, type TestCore, uniqueName } from './support/test-core'

/** Every file of the home folder with type, mode, owner, time, links, size, target and checksum, as one text. Folders have sizes by file system. */
const WALK =
  'cd /home/workspace && find . -type d -printf "%P|%m|%U|%G|%T@\\n" -o -printf "%P|%y|%m|%U|%G|%T@|%n|%s|%l\\n" | sort; find . -type f -print0 | sort -z | xargs -0 -r sha256sum'

describe('a workspace that is moved', () => {
  let test: TestCore
  const name = uniqueName('moved')
  let walk: string
  beforeAll(async () => {
    test = await createTestCore()
    const { core } = test
    await done(core, core.workspaces.start({ name }))
    await inside(
      core,
      name,
      `mkdir -p ~/deep && cd ~/deep && echo one > one && ln one hard && ln -s one soft && mkfifo pipe && truncate -s 50M sparse &&
       chmod 640 one && touch -d '2001-02-03 04:05:06.789' one && sudo sh -c 'echo installed > /opt/installed'
       tar -ch -C / bin/echo $(ldd /bin/echo | grep -o "/[^ ]*") 2>/dev/null | docker import - tiny:1 >/dev/null`,
    )
    walk = await inside(core, name, WALK)
  })
  afterAll(async () => {
    const { core } = test
    for (const { id } of core.workspaces.list()) await done(core, core.workspaces.delete(id))
    await core.local.storageSettings.disable()
    await test.dispose()
  })

  const core = () => test.core
  const move = (driver: StorageDriverName, stop = true) => done(test.core, test.core.storageMigrations.move(name, { driver, stop }))

  async function expectWhole(driver: StorageDriverName): Promise<void> {
    expect(core().workspaces.get(name)).toMatchObject({ status: 'running', storage: driver, problem: null })
    expect(await inside(core(), name, WALK)).toBe(walk)
    expect(await inside(core(), name, 'cat /opt/installed; docker run --rm tiny:1 /bin/echo nested')).toBe('installed\nnested')
  }

  it('is refused while it runs, where there is no pool, and where it is already; nothing is stopped', async () => {
    const { core } = test
    const { containerId } = core.workspaces.get(name)
    await expect(move('btrfs', false)).rejects.toMatchObject({ code: 'WORKSPACE_RUNNING' })
    await expect(move('plain')).rejects.toMatchObject({ code: 'INPUT_INVALID', message: expect.stringContaining('already') })
    await expect(move('btrfs')).rejects.toMatchObject({ code: 'ENGINE_REFUSED', message: expect.stringContaining('no storage pool') })
    expect(core.workspaces.get(name)).toMatchObject({ status: 'running', containerId, storage: 'plain' })
    await core.local.storageSettings.enable(1024 ** 3)
    core.settings.update({ newWorkspaceStorage: 'plain' })
  })

  it('is refused where it would not fit, before it is stopped', async () => {
    const { core } = test
    const { containerId } = core.workspaces.get(name)
    await inside(core, name, 'fallocate -l 1100M ~/large')
    await expect(move('btrfs')).rejects.toMatchObject({ code: 'DISK_FULL', data: { where: 'the storage pool' } })
    expect(core.workspaces.get(name)).toMatchObject({ status: 'running', containerId })
    await inside(core, name, 'rm ~/large')
  })

  it('is whole on the pool, runs again, and leaves nothing behind', async () => {
    await core()
      .copies.createSnapshot(name, 'plain-one')
      .then(({ operation }) => core().operations.whenEnded(operation.id))
    walk = await inside(core(), name, WALK)
    const seen: number[] = []
    const unsubscribe = core().operations.onChange(({ kind, steps }) => {
      const progress = steps.find((step) => step.name === 'volumes')?.progress
      if (kind === 'workspace.move' && progress?.unit === 'bytes') seen.push(progress.done)
    })
    await move('btrfs')
    unsubscribe()
    expect(Math.max(...seen), 'bytes that were told').toBeGreaterThan(0)
    await expectWhole('btrfs')
    const { volumes } = inContainer(core().workspaces.get(name))
    expect((await leftOnEngine(name)).sort()).toEqual([`/workspace-${name}`, volumes.home, volumes.docker].sort())
    expect((await docker.getVolume(volumes.home).inspect()).Options).toMatchObject({ type: 'btrfs' })
  })

  it('can be cloned and kept as a snapshot in its new place, whatever the default is', async () => {
    const clone = uniqueName('clone')
    await done(core(), core().copies.clone(name, { name: clone, stop: false, start: false }))
    expect(core().workspaces.get(clone).storage).toBe('btrfs')
    const { operation, snapshot } = await core().copies.createSnapshot(name, 'pool-one')
    expect((await core().operations.whenEnded(operation.id)).error).toBeNull()
    expect(snapshot.storage).toBe('btrfs')
  })

  longIt('is brought back to a snapshot from before the move, in its new place', async () => {
    await inside(core(), name, 'rm -r ~/deep; echo changed | sudo tee /opt/installed')
    await done(core(), core().copies.restore(name, 'plain-one', { force: true }))
    await expectWhole('btrfs')
    await expect(core().local.storageSettings.disable()).rejects.toMatchObject({ code: 'ENGINE_REFUSED' })
  })

  it('comes back to plain volumes, stopped as it was, and to a snapshot of the pool', async () => {
    await done(core(), core().workspaces.stop(name))
    await move('plain', false)
    expect(core().workspaces.get(name)).toMatchObject({ status: 'stopped', storage: 'plain' })
    await done(core(), core().workspaces.start({ name }))
    await expectWhole('plain')
    await inside(core(), name, 'rm -r ~/deep')
    await done(core(), core().copies.restore(name, 'pool-one', { force: true }))
    await expectWhole('plain')
  })

  it('that is cancelled is where it was, and runs', async () => {
    const { containerId, volumes } = core().workspaces.get(name)
    const { operation } = await core().storageMigrations.move(name, { driver: 'btrfs', stop: true })
    await new Promise<void>((resolve) => {
      const unsubscribe = core().operations.onChange(({ id, steps }) => {
        if (id !== operation.id || steps.find((step) => step.name === 'volumes')?.status !== 'running') return
        unsubscribe()
        resolve()
      })
    })
    expect((await core().operations.cancel(operation.id)).status).toBe('cancelled')
    expect(core().workspaces.get(name)).toMatchObject({ containerId, volumes, storage: 'plain' })
    expect(await inside(core(), name, WALK)).toBe(walk)
  })
})
