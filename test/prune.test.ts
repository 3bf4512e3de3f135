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
  const [runs, rests] = [uniqueName('runs'), uniqueName('rests')]

  beforeAll(async () => {
    engine = await startSecondEngine()
    await engine.takeImage('berth:latest')
    test = await createTestCore({ engineEndpoint: engine.endpoint })
    await test.core.engine.reconnect()
    for (const name of [runs, rests]) await done(test.core, test.core.workspaces.start({ name }))
    await inside(test.core, runs, 'echo kept > ~/file')
    await inside(test.core, rests, 'touch /usr/local/bin/tool', 'root')
    const { operation } = await test.core.copies.createSnapshot(runs, 's1')
    await test.core.operations.whenEnded(operation.id)
    await done(test.core, test.core.workspaces.stop(rests))
    expect(await test.core.doctor.examine()).toEqual([])
    await test.core.protection.reconcile()
    await pruneAll(engine)
  }, 240_000)
  afterAll(async () => {
    await test.dispose()
    await engine.dispose()
  })

  it('what runs is as it was', async () => {
    expect(await inside(test.core, runs, 'cat ~/file')).toBe('kept')
  })

  it('what is missing is reported, at once and by doctor', async () => {
    await expect.poll(() => test.core.workspaces.get(rests).statusDetail).toContain('removed outside Berth')
    const kinds = (await test.core.doctor.examine()).map(({ kind, workspace }) => `${workspace} ${kind}`)
    expect(kinds).toContain(`${rests} container-gone`)
    expect(kinds.filter((kind) => kind.startsWith(runs))).toEqual([])
  })

  it('nothing is made again with less in it, unless that is accepted', async () => {
    const refused = done(test.core, test.core.workspaces.start({ name: rests }))
    await expect(refused).rejects.toMatchObject({ code: 'WORKSPACE_INCOMPLETE' })
    await done(test.core, test.core.workspaces.start({ name: rests, recreate: true }))
    expect(await inside(test.core, rests, 'ls /usr/local/bin')).not.toContain('tool')
    const kinds = (await test.core.doctor.examine()).map(({ workspace }) => workspace)
    expect(kinds).not.toContain(rests)
  })
})
