import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SecondEngine, startSecondEngine } from './support/second-engine'
import { createTestCore, done, inside, type TestCore, uniqueName } from './support/test-core'

/** As `docker system prune --all --volumes --force` and newer clients' `volume prune --all` do it. */
async function pruneAll({ docker }: SecondEngine): Promise<void> {
  await docker.pruneContainers()
  await docker.pruneNetworks()
  await docker.pruneVolumes()
  await docker.pruneImages({ filters: { dangling: { false: true } } })
}

describe('after a clean-up of the whole engine', () => {
  let engine: SecondEngine
  let test: TestCore
  const [runs, rests, large, template] = ['runs', 'rests', 'large', 'template'].map(uniqueName) as [string, string, string, string]

  beforeAll(async () => {
    engine = await startSecondEngine()
    await engine.takeImage('berth:latest')
    test = await createTestCore({ engineEndpoint: engine.endpoint, keptLayerMegabytes: 20 })
    await test.core.engine.reconnect()
    for (const name of [runs, rests, large, template]) await done(test.core, test.core.workspaces.start({ name }))
    await inside(test.core, runs, 'echo kept > ~/file')
    for (const name of [rests, large, template]) await inside(test.core, name, 'echo tool > /usr/local/bin/tool', 'root')
    await inside(test.core, rests, 'echo kept > ~/file')
    await inside(test.core, large, 'head -c 30000000 /dev/urandom > /opt/large', 'root')
    const { operation } = await test.core.copies.createSnapshot(runs, 's1')
    await test.core.operations.whenEnded(operation.id)
    for (const name of [rests, large, template]) await done(test.core, test.core.workspaces.stop(name))
    await test.core.workspaces.update(template, { template: true })
    await test.core.protection.reconcile()
    await pruneAll(engine)
  }, 240_000)
  afterAll(async () => {
    await test.dispose()
    const left = await engine.docker.listContainers({ all: true })
    const { Volumes: volumes } = await engine.docker.listVolumes()
    const images = await engine.docker.listImages({ filters: { reference: ['berth-layer/*'] } })
    await engine.dispose()
    // Keepers are gone with what they kept.
    expect([...left.map(({ Names }) => Names), ...volumes.map(({ Name }) => Name), ...images.map(({ RepoTags }) => RepoTags)]).toEqual([])
  })

  it('what runs is as it was, and a snapshot of it can be restored', async () => {
    expect(await inside(test.core, runs, 'cat ~/file')).toBe('kept')
    await inside(test.core, runs, 'echo changed > ~/file')
    const { operation } = await test.core.copies.restore(runs, 's1', { force: true })
    expect(await test.core.operations.whenEnded(operation.id)).toMatchObject({ status: 'succeeded' })
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
})
