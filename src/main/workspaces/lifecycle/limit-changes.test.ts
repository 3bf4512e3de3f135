import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { NO_LIMITS } from '../../../shared/limits'
import { sealedText } from '../../../shared/secret'
import { engineCapabilities } from '../../../shared/testing/engine-capabilities'
import type { WorkspaceRecord } from '../../settings/records'
import { workspaceRecord } from '../../settings/testing/workspace-record'
import { createLimitChanges } from './limit-changes'

const BEFORE = { ...NO_LIMITS, processes: 100 }

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** An engine that stores the last limits and loses the answers to the first `lost` changes; a home whose disk can be full. */
function setUp({ lost = 0, ...fields }: { lost?: number } & Partial<WorkspaceRecord> = {}) {
  let record = workspaceRecord({ id: 'one', limits: BEFORE, ...fields })
  const engine = { container: BEFORE as object, poolBytes: null as number | null, lost, isHomeFull: false, changesLimits: true }
  const answer = () => {
    if (engine.lost-- > 0) throw new Error('The answer was lost.')
  }
  const patch = async (_id: string, change: Partial<WorkspaceRecord> | ((current: WorkspaceRecord) => Partial<WorkspaceRecord>)) => {
    const fields = typeof change === 'function' ? change(record) : change
    if (engine.isHomeFull && 'limits' in fields) throw new Error('ENOSPC')
    record = { ...record, ...fields }
  }
  const limit = async (_id: string, limits: object) => {
    engine.container = limits
    answer()
  }
  const limitPool = async (_names: string[], bytes: number | null) => {
    engine.poolBytes = bytes
    answer()
    return true
  }
  const services = {
    records: { get: () => record, list: () => [record], patch },
    registry: { containerOf: () => ({ containerId: 'c', running: false }) },
    secrets: { seal: sealedText },
    at: () => ({
      engine: {
        state: () => ({
          ...{ status: 'connected', product: 'podman', version: '4', cpus: 4 },
          capabilities: engineCapabilities({ changeLimits: engine.changesLimits }),
        }),
        containers: { limit },
      },
      storage: () => ({ limit: limitPool }),
      ready: async () => undefined,
    }),
  }
  const changes = createLimitChanges(services as never, { whileIdle: (_id, work) => work() })
  return { engine, changes, record: () => record }
}

it('refuses beforehand where the engine cannot change them, and leaves nothing in doubt', async () => {
  const { engine, changes, record } = setUp()
  engine.changesLimits = false
  await expect(changes.change('one', { processes: 300 }, {})).rejects.toMatchObject({ code: 'ENGINE_REFUSED' })
  expect(record().limitsInDoubt).toBeUndefined()
  expect(record().limits).toEqual(BEFORE)
})

it('sets the limits and keeps them', async () => {
  const { engine, changes, record } = setUp()
  await changes.change('one', { processes: 300 }, { label: 'The API' })
  expect(engine.container).toEqual({ ...BEFORE, processes: 300 })
  expect(record()).toMatchObject({ limits: { ...BEFORE, processes: 300 }, label: 'The API' })
  expect(record().limitsInDoubt).toBeUndefined()
})

it('gives the container its former limits again when the record cannot be written', async () => {
  const { engine, changes, record } = setUp()
  engine.isHomeFull = true
  await expect(changes.change('one', { processes: 300 }, {})).rejects.toThrow('ENOSPC')
  expect(engine.container).toEqual(BEFORE)
  expect(record().limits).toEqual(BEFORE)
})

it('gives the pool its former limit again when the record cannot be written', async () => {
  const { engine, changes, record } = setUp({ storage: 'btrfs' })
  const change = changes.change('one', { diskBytes: 1e9, processes: 300 }, {})
  engine.isHomeFull = true
  await expect(change).rejects.toThrow('ENOSPC')
  expect(engine.poolBytes).toBeNull()
  expect(record().limitsInDoubt).toBeUndefined()
})

it('gives the container its former limits again although the engine answers nothing for a while', async () => {
  const { engine, changes, record } = setUp({ lost: 4 })
  await expect(changes.change('one', { processes: 300 }, {})).rejects.toThrow('lost')
  expect(record().limitsInDoubt).toBe(true)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(engine.container).toEqual(BEFORE)
  expect(record().limitsInDoubt).toBeUndefined()
})

it('settles at the next connection what a process that was killed has left in doubt', async () => {
  const { engine, changes, record } = setUp({ limitsInDoubt: true })
  engine.container = { ...BEFORE, processes: 300 }
  changes.onEngineBack(() => true)
  await vi.advanceTimersByTimeAsync(0)
  expect(engine.container).toEqual(BEFORE)
  expect(record().limitsInDoubt).toBeUndefined()
})

it('leaves others in doubt when a limit changes that the engine has no part in', async () => {
  const { engine, changes, record } = setUp({ limitsInDoubt: true })
  engine.container = { ...BEFORE, processes: 300 }
  await changes.change('one', { diskBytes: 1e9 }, {})
  expect(record()).toMatchObject({ limits: { ...BEFORE, diskBytes: 1e9 }, limitsInDoubt: true })
})

it('sets those that were in doubt together with one that changes', async () => {
  const { engine, changes, record } = setUp({ storage: 'btrfs', limitsInDoubt: true })
  engine.container = { ...BEFORE, processes: 300 }
  await changes.change('one', { diskBytes: 1e9 }, {})
  expect(engine).toMatchObject({ container: { processes: 100 }, poolBytes: 1e9 })
  expect(record().limitsInDoubt).toBeUndefined()
})
