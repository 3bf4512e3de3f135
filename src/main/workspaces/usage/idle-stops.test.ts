import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { BerthError } from '../../../shared/errors'
import { workspace } from '../../../shared/testing/workspace'
import type { Workspace } from '../../../shared/workspace'
import { createTurns } from '../../engine/turns'
import { createIdleStops, IDLE_TIMES } from './idle-stops'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const START = Date.parse('2026-03-01T12:00:00.000Z')

beforeEach(() => {
  vi.useFakeTimers({ now: START })
})
afterEach(() => {
  vi.useRealTimers()
})

function setUp({ hours = 8, fields = {} as Partial<Workspace> } = {}) {
  const world = { hours, isIdle: async (): Promise<boolean> => true, looks: 0, stopped: [] as string[], published: 0 }
  let one = workspace({ name: 'one', status: 'running', containerId: 'c', startedAt: '2026-03-01T11:00:00.000Z', ...fields })
  let refusal: Error | null = null
  const open = () =>
    createIdleStops({
      hours: () => world.hours,
      workspaces: () => [one],
      isIdle() {
        world.looks += 1
        return world.isIdle()
      },
      turns: createTurns(4),
      publish() {
        world.published += 1
      },
      async stop(_id, notice) {
        if (refusal) throw refusal
        world.stopped.push(notice)
        change({ running: false, status: 'stopped' })
      },
      now: () => new Date(),
      times: IDLE_TIMES,
    })
  let stops = open()
  function change(fields: Partial<Workspace>) {
    one = { ...one, ...fields }
    stops.onWorkspace(one)
  }
  stops.onWorkspace(one)
  return {
    world,
    change,
    stops: () => stops,
    stopAt: () => stops.stopAt(one.id),
    refuse(error: Error | null) {
      refusal = error
    },
    setHours(hours: number) {
      const before = world.hours
      world.hours = hours
      stops.onSettings({ idleStopHours: hours }, { idleStopHours: before })
    },
    reopen() {
      stops.close()
      stops = open()
      stops.onWorkspace(one)
    },
  }
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)
/** Minutes from the beginning. */
const at = (minutes: number) => new Date(START + minutes * MINUTE).toISOString()

it('announces the stop ten minutes before, and stops after the hours of the setting', async () => {
  const { world, stopAt } = setUp()
  await pass(8 * HOUR - 11 * MINUTE)
  expect(stopAt()).toBeNull()
  await pass(MINUTE)
  expect(stopAt()).toBe(at(8 * 60))
  expect(world.published).toBe(1)
  await pass(10 * MINUTE - 1)
  expect(world.stopped).toEqual([])
  await pass(1)
  expect(world.stopped).toEqual(['Stopped after 8 hours without processes or terminals.'])
  expect(stopAt()).toBeNull()
  expect(vi.getTimerCount()).toBe(0)
})

it('looks every five minutes, and not at all while the setting is off', async () => {
  const { world, setHours, change } = setUp({ hours: 0 })
  change({ label: 'changed' })
  expect(vi.getTimerCount()).toBe(0)
  setHours(2)
  expect(vi.getTimerCount()).toBe(1)
  await pass(HOUR)
  expect(world.looks).toBe(12)
  setHours(0)
  expect(vi.getTimerCount()).toBe(0)
})

it('counts from the last moment at which something went on', async () => {
  const { world, stopAt } = setUp()
  await pass(5 * HOUR)
  world.isIdle = async () => false
  await pass(5 * MINUTE)
  world.isIdle = async () => true
  await pass(8 * HOUR - 11 * MINUTE)
  expect(stopAt()).toBeNull()
  await pass(MINUTE)
  expect(stopAt()).toBe(at(13 * 60 + 5))
})

it('takes the announcement back, and does not stop, when something goes on at the last look', async () => {
  const { world, stopAt } = setUp({ hours: 1 })
  await pass(HOUR - 1)
  expect(stopAt()).not.toBeNull()
  world.isIdle = async () => false
  await pass(1)
  expect([world.stopped, stopAt()]).toEqual([[], null])
})

it('looks upon a failed look as use', async () => {
  const { world, stopAt } = setUp({ hours: 1 })
  world.isIdle = () => Promise.reject(new BerthError('ENGINE_UNREACHABLE', 'Away.', { endpoint: 'x', tried: [], next: 'Wait.' }))
  await pass(3 * HOUR)
  expect([world.stopped, stopAt()]).toEqual([[], null])
  world.isIdle = async () => true
  await pass(HOUR)
  expect(world.stopped).toHaveLength(1)
})

it.each<[string, Partial<Workspace>]>([
  ['an operation', { operationId: 'o' }],
  ['a use, as by a command', { lastUsedAt: '2026-03-01T12:55:00.000Z' }],
  ['another start', { startedAt: '2026-03-01T12:55:00.000Z' }],
])('%s begins the count anew at once', async (_what, fields) => {
  const { world, stopAt, change } = setUp({ hours: 1 })
  await pass(55 * MINUTE)
  expect(stopAt()).not.toBeNull()
  change(fields)
  expect(stopAt()).toBeNull()
  change({ operationId: null })
  await pass(50 * MINUTE - 1)
  expect([world.stopped, stopAt()]).toEqual([[], null])
})

it('keeps running what is asked to', async () => {
  const { world, stops, stopAt } = setUp({ hours: 1 })
  await pass(55 * MINUTE)
  stops().keepRunning('id-one')
  expect([stopAt(), world.published]).toEqual([null, 2])
  await pass(59 * MINUTE)
  expect([world.stopped, stopAt()]).toEqual([[], at(115)])
  await pass(MINUTE)
  expect(world.stopped).toEqual(['Stopped after 1 hour without processes or terminals.'])
})

it('does not stop what is used during the last look', async () => {
  const { world, change } = setUp({ hours: 1 })
  await pass(HOUR - 1)
  const answer = Promise.withResolvers<boolean>()
  world.isIdle = () => answer.promise
  await pass(1)
  change({ lastUsedAt: '2026-03-01T13:00:00.000Z' })
  answer.resolve(true)
  await pass(MINUTE)
  expect(world.stopped).toEqual([])
})

it('goes on counting when the setting changes, and announces the stop in any case', async () => {
  const { world, stopAt, setHours } = setUp({ hours: 8 })
  await pass(3 * HOUR)
  setHours(2)
  await pass(5 * MINUTE)
  expect(stopAt()).toBe(at(3 * 60 + 15))
  setHours(4)
  expect(stopAt()).toBeNull()
  await pass(50 * MINUTE)
  expect([stopAt(), world.stopped]).toEqual([at(4 * 60), []])
  setHours(0)
  expect([stopAt(), vi.getTimerCount()]).toEqual([null, 0])
  setHours(1)
  await pass(45 * MINUTE)
  expect([stopAt(), world.stopped]).toEqual([null, []])
})

it('begins anew when Berth is started again', async () => {
  const { stopAt, world, reopen } = setUp({ hours: 1 })
  await pass(55 * MINUTE)
  reopen()
  expect(stopAt()).toBeNull()
  await pass(59 * MINUTE)
  expect(world.stopped).toEqual([])
  await pass(MINUTE)
  expect(world.stopped).toHaveLength(1)
})

it('announces it once more when the machine slept past the announced time', async () => {
  const { world, stopAt } = setUp({ hours: 1 })
  await pass(55 * MINUTE)
  vi.setSystemTime(START + 9 * HOUR)
  await pass(5 * MINUTE)
  expect([stopAt(), world.stopped]).toEqual([at(9 * 60 + 15), []])
  await pass(10 * MINUTE)
  expect(world.stopped).toHaveLength(1)
})

it('begins anew when the stop is refused', async () => {
  const { world, stopAt, refuse } = setUp({ hours: 1 })
  const data = { workspace: 'one', operation: 'o', doing: 'cloning', next: 'Wait.' }
  refuse(new BerthError('WORKSPACE_BUSY', 'It is busy.', data as never))
  await pass(HOUR)
  expect([world.stopped, stopAt()]).toEqual([[], null])
  refuse(null)
  await pass(HOUR)
  expect(world.stopped).toHaveLength(1)
})

it.each<[string, Partial<Workspace>]>([
  ['host workspaces', { kind: 'host', containerId: null }],
  ['templates', { template: true }],
  ['what is stopped', { running: false }],
])('%s are nothing to it', async (_what, fields) => {
  const { world } = setUp({ hours: 1, fields })
  await pass(2 * HOUR)
  expect([world.looks, world.stopped]).toEqual([0, []])
})

it('leaves nothing behind', async () => {
  const { stops, world } = setUp({ hours: 1 })
  stops().onWorkspaceRemoved('id-one')
  expect(vi.getTimerCount()).toBe(0)
  const other = setUp({ hours: 1 })
  other.stops().close()
  await pass(2 * HOUR)
  expect([world.looks, other.world.looks]).toEqual([0, 0])
})
