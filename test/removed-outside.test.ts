import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inContainer } from '../src/shared/testing/in-container'
import { createTestCore, docker, done, inside, ownerLabel, type TestCore, uniqueName } from './support/test-core'

describe('a workspace with parts that were removed outside Berth', () => {
  let test: TestCore
  const name = uniqueName('removed')
  const kinds = async () => (await test.core.doctor.examine()).map(({ kind, outcome }) => `${kind} ${outcome}`)
  const snapshot = () => test.core.copies.allSnapshots().find((one) => one.name === 's1')
  const removeKeepers = async () => {
    for (const { Id } of await docker.listContainers({ filters: { label: [await ownerLabel(test), 'dev.berth.role=keeper'] } })) {
      await docker.getContainer(Id).remove({ force: true })
    }
  }

  beforeAll(async () => {
    test = await createTestCore()
    await done(test.core, test.core.workspaces.start({ name }))
    await inside(test.core, name, 'touch /usr/local/bin/tool', 'root')
    const { operation } = await test.core.copies.createSnapshot(name, 's1')
    await test.core.operations.whenEnded(operation.id)
    await done(test.core, test.core.workspaces.stop(name))
    await test.core.local.protection.reconcile()
  })
  afterAll(() => test.dispose())

  it('is found whole before, and its keepers run', async () => {
    expect(await test.core.doctor.examine()).toEqual([])
    const keepers = await docker.listContainers({ filters: { label: [await ownerLabel(test), 'dev.berth.role=keeper'] } })
    const kept = keepers.map(({ Labels }) => Labels['dev.berth.keeps'])
    expect(kept).toEqual(expect.arrayContaining([snapshot()?.id, test.core.workspaces.get(name).id]))
  })

  it('gets its container again from the kept layer by a repair', async () => {
    await docker.getContainer(`workspace-${name}`).remove()
    await expect.poll(() => test.core.workspaces.get(name).statusDetail).toContain('without loss')
    expect(await kinds()).toEqual(['container-gone restorable'])
    expect((await test.core.doctor.repair()).map(({ kind, outcome }) => `${kind} ${outcome}`)).toEqual(['container-gone repaired'])
    expect(test.core.workspaces.get(name)).toMatchObject({ status: 'stopped', statusDetail: null })
    await done(test.core, test.core.workspaces.start({ name }))
    expect(await inside(test.core, name, 'ls /usr/local/bin')).toContain('tool')
    await done(test.core, test.core.workspaces.stop(name))
    await test.core.local.protection.reconcile()
  })

  it('keeps the layer of a snapshot whose name was taken from it, and names it again', async () => {
    const layer = docker.getImage(`berth-layer/${snapshot()?.id}:snapshot`)
    const { Id: before } = await layer.inspect()
    await layer.remove({ force: true })
    await expect.poll(async () => (await layer.inspect()).Id, { timeout: 10_000 }).toBe(before)
    await test.core.doctor.repair()
    expect(snapshot()?.missing).toEqual([])
    expect(await test.core.doctor.examine()).toEqual([])
  })

  it('says what was removed while Berth was not there, also of its snapshots', async () => {
    const { id } = snapshot() ?? { id: '' }
    const { home } = inContainer(test.core.workspaces.get(name)).volumes
    await test.core.close()
    await removeKeepers()
    await docker.getContainer(`workspace-${name}`).remove()
    await docker.getVolume(`berth-snapshot-${id}-home`).remove()
    await docker.getImage(`berth-layer/${id}:snapshot`).remove()
    await docker.getVolume(home).remove()
    await test.open()
    await expect.poll(() => snapshot()?.missing).toEqual(['home', 'layer'])
    await expect.poll(() => test.core.workspaces.get(name).statusDetail).toContain('Its container and volumes were removed outside Berth')
    expect(await kinds()).toEqual(['container-gone decision', 'volume-gone lost', 'snapshot-volume-gone lost', 'snapshot-layer-gone lost'])
    const restored = test.core.copies.restore(name, 's1', { force: true })
    await expect(restored).rejects.toMatchObject({ code: 'SNAPSHOT_INCOMPLETE', data: { missing: ['home', 'layer'] } })
  })

  it('is not made again with less in it, unless that is accepted', async () => {
    const refused = done(test.core, test.core.workspaces.start({ name }))
    await expect(refused).rejects.toMatchObject({
      code: 'WORKSPACE_INCOMPLETE',
      data: { missing: [`volume ${inContainer(test.core.workspaces.get(name)).volumes.home}`] },
    })
    await expect(docker.getContainer(`workspace-${name}`).inspect()).rejects.toMatchObject({ statusCode: 404 })
    const file = join(test.home, 'less.berth')
    const copies = [
      () => test.core.copies.createSnapshot(name, 'less'),
      () => test.core.copies.clone(name, { name: uniqueName('less'), stop: false, start: false }),
      () => test.core.archives.export(name, { file, overwrite: false }),
    ]
    for (const copy of copies) await expect(copy()).rejects.toMatchObject({ code: 'WORKSPACE_INCOMPLETE' })
    const { notices } = await done(test.core, test.core.workspaces.start({ name, recreate: true }))
    expect(notices.join(' ')).toContain('starts with an empty one')
    expect(await inside(test.core, name, 'ls /usr/local/bin')).toContain('tool')
    expect(await kinds()).toEqual(['snapshot-volume-gone lost', 'snapshot-layer-gone lost'])
  })
})
