import { expect, it } from 'vitest'
import type { WorkspaceRecord } from '../../settings/records'
import { changeRunningLimits } from './running-limits'

const BEFORE = { diskBytes: null, memoryBytes: null, cpus: null, processes: 100 }
const record = { id: 'one', name: 'api', limits: BEFORE } as WorkspaceRecord

/** An engine that keeps the last limits, and loses as many answers as `lost` says. */
function setUp({ lost } = { lost: 0 }) {
  const container = { limits: BEFORE as object }
  let left = lost
  const limit = async (_id: string, limits: object) => {
    container.limits = limits
    if (left-- > 0) throw new Error('The answer was lost.')
  }
  const services = {
    engine: { state: () => ({ status: 'connected', cpus: 4 }), containers: { limit } },
    registry: { containerOf: () => ({ containerId: 'c', running: false }) },
    ready: async () => undefined,
  }
  return { container, services: services as never }
}

it('sets the limits and keeps them', async () => {
  const { container, services } = setUp()
  let kept = 0
  await changeRunningLimits(services, record, { processes: 300 }, async () => (kept += 1))
  expect(container.limits).toEqual({ ...BEFORE, processes: 300 })
  expect(kept).toBe(1)
})

it('gives the container its former limits again when the record cannot be written', async () => {
  const { container, services } = setUp()
  const full = new Error('ENOSPC')
  await expect(changeRunningLimits(services, record, { processes: 300 }, () => Promise.reject(full))).rejects.toBe(full)
  expect(container.limits).toEqual(BEFORE)
})

it('gives the container its former limits again when the answer of the engine was lost, more than once', async () => {
  const { container, services } = setUp({ lost: 2 })
  const kept: string[] = []
  await expect(changeRunningLimits(services, record, { processes: 300 }, async () => kept.push('kept'))).rejects.toThrow('lost')
  expect(container.limits).toEqual(BEFORE)
  expect(kept).toEqual([])
})
