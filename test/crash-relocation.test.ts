import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { killsIn, useCrashTest, useWork } from './support/crash'
import { areLongRun } from './support/long'
import { type SecondEngine, startSecondEngine } from './support/second-engine'
import { docker, done, inside, uniqueName } from './support/test-core'
import { helperImage } from './support/volume-tree'

/** Kept by others and left alone: keepers come and go by themselves. */
const KEEPER = 'keeper'

describe.skipIf(process.getuid?.() !== 0)('after kill -9 in the middle of a move to another engine', () => {
  const crash = useCrashTest()
  const name = uniqueName('mover')
  const work = useWork(crash, name)
  let second: SecondEngine

  beforeAll(async () => {
    second = await startSecondEngine({ image: helperImage })
    const { core } = crash.test
    await core.engines.add({ name: 'big', address: second.endpoint })
    const { operation } = await core.copies.createSnapshot(name, 'kept')
    await core.operations.whenEnded(operation.id)
  })
  // Before the engine goes: what is on it is removed with its workspace.
  afterAll(async () => {
    await done(crash.test.core, crash.test.core.workspaces.delete(name))
    await second?.dispose()
  })

  const engineOf = (engine: string | null) => (engine === 'big' ? second.docker : docker)

  /** Of the workspace and its snapshots on that engine. */
  async function left(engine: string): Promise<string[]> {
    const { id } = crash.test.core.workspaces.get(name)
    const [containers, volumes, layers] = await Promise.all([
      engineOf(engine).listContainers({ all: true, filters: { label: [`dev.berth.id=${id}`] } }),
      engineOf(engine).listVolumes({ filters: { label: [`dev.berth.id=${id}`] } }),
      engineOf(engine).listImages({ filters: { reference: [`berth-layer/${id}`] } }),
    ])
    const own = containers.filter(({ Labels }) => Labels['dev.berth.role'] !== KEEPER)
    return [...own.flatMap(({ Names }) => Names), ...(volumes.Volumes ?? []).map(({ Name }) => Name), ...layers.map(({ Id }) => Id)]
  }

  // After the decisive step only the journal is still to be told of its end: half a minute that is spent in the long run.
  const kills = killsIn('workspace.relocate').filter(({ when }) => areLongRun || when === 'before')

  it.each(kills)('$when step $step, it is wholly on one engine and runs there, with its snapshot', async ({ step, when, committed }) => {
    const from = crash.test.core.workspaces.get(name).engine ?? ''
    const to = from === 'big' ? 'local' : 'big'
    await crash.crashAndRecover({ action: 'relocate', name, other: to, kill: { step, when } })
    const now = crash.test.core.workspaces.get(name).engine
    expect(now).toBe(committed ? to : from)
    await work.isWhole()
    expect(await left(now === 'big' ? 'local' : 'big')).toEqual([])
    const snapshots = await crash.test.core.copies.listSnapshots(name, { measure: false })
    expect(snapshots).toMatchObject([{ name: 'kept', missing: [] }])
  })

  it('is brought back to the snapshot, wherever it is by now', async () => {
    const { core } = crash.test
    await inside(core, name, 'rm ~/work')
    await done(core, core.copies.restore(name, 'kept', { force: true }))
    await work.isWhole()
  })
})
