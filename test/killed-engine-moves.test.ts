import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { Operation } from '../src/shared/operation'
import { stepsOf } from './support/crash'
import { longDescribe } from './support/long'
import { type SecondEngine, startSecondEngine } from './support/second-engine'
import { createTestCore, docker, done, inside, type TestCore, uniqueName } from './support/test-core'
import { helperImage } from './support/volume-tree'

/** An engine is killed, comes back, and the operation is taken back or goes on; on a busy machine each takes its time. */
const CASE_TIMEOUT_MS = 300_000

const SHOW = 'cat ~/work /opt/work; sha256sum ~/data'
/** For an engine to be back, with what ran on it, and for what waits for it. */
const PATIENCE = 90_000

// Each kill takes half a minute; the operation is killed with Berth in crash-relocation.test.ts.
longDescribe('a move between engines, one of which is killed', () => {
  let second: SecondEngine
  let test: TestCore
  const name = uniqueName('mover')
  const core = () => test.core
  const view = () => core().workspaces.get(name)
  let whole = ''

  beforeAll(async () => {
    second = await startSecondEngine({ image: helperImage })
    test = await createTestCore({ keptLayerMegabytes: 0 })
    await core().engines.add({ name: 'big', address: second.endpoint })
    await done(core(), core().workspaces.create({ name }))
    await inside(core(), name, 'echo home >~/work; echo layer | sudo tee /opt/work; head -c 20000000 /dev/urandom >~/data')
    whole = await inside(core(), name, SHOW)
  })
  // The last one comes first.
  afterAll(() => second?.dispose())
  afterAll(() => test?.dispose())

  /** Of the workspace on that engine, keepers aside. */
  async function left(engine: string): Promise<string[]> {
    const here = engine === 'big' ? second.docker : docker
    const filters = { label: [`dev.berth.id=${view().id}`] }
    const [containers, { Volumes: volumes }, layers] = await Promise.all([
      here.listContainers({ all: true, filters }),
      here.listVolumes({ filters }),
      here.listImages({ filters: { reference: [`berth-layer/${view().id}`] } }),
    ])
    const own = containers.filter(({ Labels }) => Labels['dev.berth.role'] !== 'keeper').flatMap(({ Names }) => Names)
    return [...own, ...(volumes ?? []).map(({ Name }) => Name), ...layers.map(({ Id }) => Id)]
  }

  /** Resolves when that step has begun, or the operation has ended without it. */
  const whenBegun = (operation: Operation, step: string) =>
    new Promise<void>((resolve) => {
      const isThere = ({ steps, endedAt }: Operation) =>
        endedAt !== null || steps.some((one) => one.name === step && one.status !== 'pending')
      if (isThere(core().operations.get(operation.id))) return resolve()
      const stop = core().operations.onChange((change) => {
        if (change.id !== operation.id || !isThere(change)) return
        stop()
        resolve()
      })
    })

  const steps = stepsOf('workspace.relocate').map(({ step }) => step)
  const sides = (['big', 'local'] as const).flatMap((to) => steps.map((step) => ({ step, to, side: to === 'big' ? 'target' : 'source' })))

  it.each(sides)(
    'the $side, at step $step: it is wholly on one of them, and runs',
    async ({ step, to }) => {
      const from = to === 'big' ? 'local' : 'big'
      if (view().engine !== from) await done(core(), core().relocations.move(name, { engine: from, dropSnapshots: false }))
      const { operation } = await core().relocations.move(name, { engine: to, dropSnapshots: false })
      await whenBegun(operation, step)
      await second.kill()
      await second.start()
      const ended = await core().operations.whenEnded(operation.id)
      const now = view().engine ?? ''
      expect(now).toBe(ended.committed || ended.status === 'succeeded' ? to : from)
      // An engine that is killed takes what ran on it along, or finds it again.
      await vi.waitFor(() => expect(core().engines.get('big').state.status).toBe('connected'), PATIENCE)
      if (!view().running) await done(core(), core().workspaces.start({ name }))
      expect(await inside(core(), name, SHOW)).toBe(whole)
      await vi.waitFor(async () => expect(await left(now === 'big' ? 'local' : 'big')).toEqual([]), PATIENCE)
    },
    CASE_TIMEOUT_MS,
  )
})
