import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestCore, docker, done, inside, type TestCore, uniqueName } from './support/test-core'

describe('a workspace of which somebody has removed a part', () => {
  let test: TestCore
  const name = uniqueName('removed')

  beforeAll(async () => {
    test = await createTestCore()
    await done(test.core, test.core.workspaces.start({ name }))
    await inside(test.core, name, 'touch /usr/local/bin/tool', 'root')
    const { operation } = await test.core.copies.createSnapshot(name, 's1')
    await test.core.operations.whenEnded(operation.id)
    await done(test.core, test.core.workspaces.stop(name))
  })
  afterAll(() => test.dispose())

  it('is found whole before', async () => {
    expect(await test.core.doctor.examine()).toEqual([])
  })

  it('says at once, and by doctor, what is missing, also of its snapshots', async () => {
    await docker.getContainer(`workspace-${name}`).remove()
    const snapshot = test.core.copies.allSnapshots().find(({ name: own }) => own === 's1')
    await docker.getVolume(`berth-snapshot-${snapshot?.id}-home`).remove()
    await docker.getImage(`berth-layer/${snapshot?.id}:snapshot`).remove()
    await docker.getVolume(test.core.workspaces.get(name).volumes.home).remove()
    await expect.poll(() => test.core.workspaces.get(name).statusDetail).toContain('removed outside Berth')
    const kinds = (await test.core.doctor.examine()).map(({ kind }) => kind)
    expect(kinds).toEqual(['container-gone', 'volume-gone', 'snapshot-volume-gone', 'snapshot-layer-gone'])
  })

  it('is not made again with less in it, unless that is accepted', async () => {
    const refused = done(test.core, test.core.workspaces.start({ name }))
    await expect(refused).rejects.toMatchObject({
      code: 'WORKSPACE_INCOMPLETE',
      data: { missing: [`container workspace-${name}`, `volume ${test.core.workspaces.get(name).volumes.home}`] },
    })
    await expect(docker.getContainer(`workspace-${name}`).inspect()).rejects.toMatchObject({ statusCode: 404 })
    await done(test.core, test.core.workspaces.start({ name, recreate: true }))
    expect(await inside(test.core, name, 'ls /usr/local/bin')).not.toContain('tool')
    const kinds = (await test.core.doctor.examine()).map(({ kind }) => kind)
    expect(kinds).toEqual(['snapshot-volume-gone', 'snapshot-layer-gone'])
  })
})
