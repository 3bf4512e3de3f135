import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { LOCAL_IMAGE } from '../src/main/images/images'
import { longDescribe } from './support/long'
import { type SecondEngine, startSecondEngine } from './support/second-engine'
import { createTestCore, done, inside, ownerLabel, type TestCore, uniqueName } from './support/test-core'

/** After twenty seconds without work. */
const SOON = { timeout: 60_000, interval: 500 }

/** As `docker system prune --all --volumes --force` and newer clients' `volume prune --all` do it. */
async function pruneAll({ docker }: SecondEngine): Promise<void> {
  await docker.pruneContainers()
  await docker.pruneNetworks()
  await docker.pruneVolumes()
  await docker.pruneImages({ filters: { dangling: { false: true } } })
}

longDescribe('after a clean-up of the whole engine', () => {
  let engine: SecondEngine
  let test: TestCore
  let device: string
  const [runs, rests, large, template] = ['runs', 'rests', 'large', 'template'].map(uniqueName) as [string, string, string, string]
  const [poolRuns, poolRests] = [uniqueName('pool-runs'), uniqueName('pool-rests')]
  const snapshot = async (name: string) => {
    const { operation } = await test.core.copies.createSnapshot(name, 's1')
    expect(await test.core.operations.whenEnded(operation.id)).toMatchObject({ status: 'succeeded' })
  }
  const restore = async (name: string) => {
    const { operation } = await test.core.copies.restore(name, 's1', { force: true })
    expect(await test.core.operations.whenEnded(operation.id)).toMatchObject({ status: 'succeeded' })
  }
  const contents = (name: string) => inside(test.core, name, 'cat ~/file /usr/local/bin/tool; sudo cat /var/lib/docker/file')

  beforeAll(async () => {
    engine = await startSecondEngine({ image: LOCAL_IMAGE })
    test = await createTestCore({ engineEndpoint: engine.endpoint, keptLayerMegabytes: 20 })
    await test.core.local.engine.reconnect()
    for (const name of [runs, rests, large, template]) await done(test.core, test.core.workspaces.start({ name }))
    await inside(test.core, runs, 'echo kept > ~/file')
    for (const name of [rests, large, template]) await inside(test.core, name, 'echo tool > /usr/local/bin/tool', 'root')
    await inside(test.core, rests, 'echo kept > ~/file')
    await inside(test.core, large, 'head -c 30000000 /dev/urandom > /opt/large', 'root')
    await snapshot(runs)
    await test.core.local.storageSettings.enable(1024 ** 3)
    const [, installationId] = (await ownerLabel(test)).split('=')
    device = `berth-${installationId}`
    const pool = `berth-pool-${installationId}`
    expect(await readdir('/dev')).toContain(device)
    for (const name of [poolRuns, poolRests]) {
      await done(test.core, test.core.workspaces.start({ name }))
      await inside(test.core, name, 'echo then > ~/file; echo then | sudo tee /var/lib/docker/file')
      await inside(test.core, name, 'echo then > /usr/local/bin/tool', 'root')
      await snapshot(name)
      await inside(test.core, name, 'echo now > ~/file; echo now | sudo tee /var/lib/docker/file')
      await inside(test.core, name, 'echo now > /usr/local/bin/tool', 'root')
    }
    for (const name of [rests, large, template, poolRests]) await done(test.core, test.core.workspaces.stop(name))
    await test.core.workspaces.update(template, { template: true })
    await test.core.local.protection.reconcile()
    // The pool's helper has its volume too, for a while after its last work.
    const holders = () => engine.docker.listContainers({ filters: { volume: [pool] } })
    const keepers = [[expect.stringMatching(/^\/berth-keeper\./)]]
    await vi.waitFor(async () => expect((await holders()).map(({ Names }) => Names)).toEqual(keepers), SOON)
    await pruneAll(engine)
  }, 300_000)
  afterAll(() => engine?.dispose())
  afterAll(async () => {
    for (const { id } of test.core.workspaces.list()) await done(test.core, test.core.workspaces.delete(id))
    await test.core.local.storageSettings.disable()
    await test.dispose()
    const left = await engine.docker.listContainers({ all: true })
    const { Volumes: volumes } = await engine.docker.listVolumes()
    const images = await engine.docker.listImages({ filters: { reference: ['berth-layer/*'] } })
    // Keepers are gone with what they kept.
    expect([...left.map(({ Names }) => Names), ...volumes.map(({ Name }) => Name), ...images.map(({ RepoTags }) => RepoTags)]).toEqual([])
    expect(await readdir('/dev')).not.toContain(device)
  })

  it('what runs is as it was, and a snapshot of it can be restored', async () => {
    expect(await inside(test.core, runs, 'cat ~/file')).toBe('kept')
    await inside(test.core, runs, 'echo changed > ~/file')
    await restore(runs)
    expect(await inside(test.core, runs, 'cat ~/file')).toBe('kept')
  })

  it('a workspace that was stopped starts without loss, and says what it was recreated from', async () => {
    await expect.poll(() => test.core.workspaces.get(rests).statusDetail).toContain('recreates it without loss')
    const { notices } = await done(test.core, test.core.workspaces.start({ name: rests }))
    expect(notices.join(' ')).toContain('Nothing is lost')
    expect(await inside(test.core, rests, 'cat ~/file /usr/local/bin/tool')).toBe('kept\ntool')
  })

  it('a template can still be cloned', async () => {
    const name = uniqueName('copy')
    await done(test.core, test.core.workspaces.create({ name, template }))
    expect(await inside(test.core, name, 'cat /usr/local/bin/tool')).toBe('tool')
  })

  it('what was too large to be kept is reported, and not made again with less in it unless that is accepted', async () => {
    const kinds = (await test.core.doctor.examine()).map(({ kind, workspace }) => `${workspace} ${kind}`)
    expect(kinds).toContain(`${large} container-gone`)
    const refused = done(test.core, test.core.workspaces.start({ name: large }))
    await expect(refused).rejects.toMatchObject({ code: 'WORKSPACE_INCOMPLETE' })
    await done(test.core, test.core.workspaces.start({ name: large, recreate: true }))
    expect(await inside(test.core, large, 'ls /usr/local/bin')).not.toContain('tool')
  })

  it('what runs on the pool is as it was, and its snapshot can be restored', async () => {
    expect(test.core.workspaces.get(poolRuns)).toMatchObject({ status: 'running', storage: 'btrfs' })
    expect(await contents(poolRuns)).toBe('now\nnow\nnow')
    await restore(poolRuns)
    expect(await contents(poolRuns)).toBe('then\nthen\nthen')
  })

  it('a workspace on the pool that was stopped starts without loss, and its snapshot can be restored', async () => {
    const { notices } = await done(test.core, test.core.workspaces.start({ name: poolRests }))
    expect(notices.join(' ')).toContain('Nothing is lost')
    expect(test.core.workspaces.get(poolRests).storage).toBe('btrfs')
    expect(await contents(poolRests)).toBe('now\nnow\nnow')
    await restore(poolRests)
    expect(await contents(poolRests)).toBe('then\nthen\nthen')
  })
})
