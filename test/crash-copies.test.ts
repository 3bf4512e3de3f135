import { expect, it } from 'vitest'
import { killsIn, layersOf, useCrashTest, useWork } from './support/crash'
import { longDescribe } from './support/long'
import { docker, done, inside, leftOnEngine, uniqueName } from './support/test-core'

// As of the other operations that copy: the kills of a creation and a start are enough each time.
longDescribe('after kill -9, with a source that has work in it', () => {
  const crash = useCrashTest()
  const source = uniqueName('work')
  const work = useWork(crash, source)

  it.each(
    killsIn('workspace.clone').flatMap((kill) => [
      { ...kill, action: 'clone' as const },
      { ...kill, action: 'clone-stop' as const },
    ]),
  )('$when step $step of $action, the clone is wholly there or gone, and the source runs', async ({ step, when, action, committed }) => {
    const clone = uniqueName('crash')
    await crash.crashAndRecover({ action, name: source, other: clone, kill: { step, when } })
    const id = crash.test.core.operations.list()[0]?.workspaceId ?? ''
    if (committed) {
      await crash.expectWhollyThere(clone)
      expect(await inside(crash.test.core, clone, work.show)).toBe('home\nlayer')
      await done(crash.test.core, crash.test.core.workspaces.delete(clone))
    }
    expect(await leftOnEngine(clone)).toEqual([])
    expect(await layersOf(id)).toEqual([])
    expect(crash.test.core.workspaces.list().map(({ name }) => name)).not.toContain(clone)
    await work.isWhole()
  })

  it.each(killsIn('snapshot.create'))('$when step $step of a snapshot, nothing is left of it', async ({ step, when }) => {
    const filters = { label: [`dev.berth.id=${crash.test.core.workspaces.get(source).id}`, 'dev.berth.role=snapshot-home'] }
    const volumes = async () => (await docker.listVolumes({ filters })).Volumes ?? []
    const before = (await volumes()).length
    await crash.crashAndRecover({ action: 'snapshot', name: source, other: 'one', kill: { step, when } })
    expect(await volumes()).toHaveLength(before)
    expect(await crash.test.core.copies.listSnapshots(source, { measure: false })).toEqual([])
    await work.isWhole()
  })

  it.each(killsIn('snapshot.restore'))(
    '$when step $step of a restore, it is wholly the old or wholly the restored state',
    async ({ step, when, committed }) => {
      const name = uniqueName('crash')
      await done(crash.test.core, crash.test.core.copies.clone(source, { name, stop: false, start: true }))
      const { operation } = await crash.test.core.copies.createSnapshot(name, 'then')
      await crash.test.core.operations.whenEnded(operation.id)
      await inside(crash.test.core, name, 'echo changed > ~/work; sudo sh -c "echo changed > /opt/work"')
      await crash.crashAndRecover({ action: 'restore', name, other: 'then', kill: { step, when } })
      expect(crash.test.core.workspaces.get(name)).toMatchObject({ status: 'running', problem: null })
      expect(await inside(crash.test.core, name, work.show)).toBe(committed ? 'home\nlayer' : 'changed\nchanged')
      expect(await crash.test.core.copies.listSnapshots(name, { measure: false })).toHaveLength(committed ? 2 : 1)
      const { id } = crash.test.core.workspaces.get(name)
      await done(crash.test.core, crash.test.core.workspaces.delete(name))
      expect((await docker.listVolumes({ filters: { label: [`dev.berth.id=${id}`] } })).Volumes ?? []).toEqual([])
    },
  )
})
