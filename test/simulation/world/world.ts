import { Violation } from '../violation'
import { createRandom, type Random } from './random'
import { whenStill } from './stillness'

interface Pending {
  time: number
  order: number
  /** Of the process it belongs to; null for what goes on without Berth: the engine, other tools. */
  process: number | null
  run: () => void
}

/**
 * Everything that is not a microtask happens here: one queue in virtual time, in an order that the seed decides. What belongs to a
 * process that was killed is dropped, so that nothing of it ever goes on.
 */
export interface World {
  readonly random: Random
  now(): number
  /** Moves the clock that programs see, without time passing. */
  jumpClock(milliseconds: number): void
  /** By the clock that programs see; in milliseconds since 1970. */
  clock(): number
  /** The process that runs now. */
  process(): number
  /** Drops all that the process that runs now waits for. */
  killProcess(): void
  /** When the last one was; in virtual milliseconds. */
  killedAt(): number
  /** Begins another. The code of the killed one cannot be stopped at once: what that still waits for is dropped here. */
  beginProcess(): void
  /** Called when the process that runs now is killed. Returns what takes it back. */
  onKilled(listener: () => void): () => void
  /** Returns what takes it back. */
  after(milliseconds: number, run: () => void, owner?: 'process' | 'outside'): () => void
  /** Resolves after a time the seed chooses. It never does for a process that was killed. */
  pause(fromMs: number, toMs: number): Promise<void>
  /** One line of what happened. */
  trace(line: string): void
  readonly lines: string[]
  /** Runs until `isOver`, or until nothing is left to happen, or that much time is over. */
  run(isOver: () => boolean, limitMs: number): Promise<'over' | 'idle' | 'late'>
}

/** 2026-01-01: any day would do. */
const BEGINNING = 1_767_225_600_000

const realImmediate = setImmediate

/** Of what happens without any time passing. A run has some ten thousands in all. */
const MOST_AT_ONCE = 50_000

export function createWorld(seed: number): World {
  const random = createRandom(seed)
  const heap = createHeap()
  const lines: string[] = []
  let now = 0
  let atOnce = 0
  let skew = 0
  let order = 0
  let process = 0
  let killedAt = 0
  const killListeners = new Set<() => void>()

  const world: World = {
    random,
    lines,
    now: () => now,
    clock: () => BEGINNING + now + skew,
    jumpClock(milliseconds) {
      skew += milliseconds
    },
    process: () => process,
    killedAt: () => killedAt,
    killProcess() {
      process += 1
      killedAt = now
      const told = [...killListeners]
      killListeners.clear()
      for (const tell of told) tell()
    },
    beginProcess() {
      process += 1
    },
    onKilled(listener) {
      killListeners.add(listener)
      return () => killListeners.delete(listener)
    },
    after(milliseconds, run, owner = 'process') {
      const pending: Pending = { time: now + Math.max(0, milliseconds), order: order++, process: owner === 'process' ? process : null, run }
      heap.push(pending)
      return () => {
        pending.run = () => undefined
      }
    },
    pause: (fromMs, toMs) => new Promise((resolve) => void world.after(fromMs + random.next() * (toMs - fromMs), resolve)),
    trace(line) {
      lines.push(`${now.toFixed(1)} ${line}`)
    },
    run(isOver, limitMs) {
      const end = now + limitMs
      return new Promise((resolve, reject) => {
        function goOn(): void {
          try {
            const outcome = takeNext()
            if (outcome === null) whenStill(goOn)
            else realImmediate(() => resolve(outcome))
          } catch (error) {
            reject(error)
          }
        }
        function takeNext(): 'over' | 'idle' | 'late' | null {
          if (isOver()) return 'over'
          const next = heap.pop()
          if (next === undefined) return 'idle'
          if (next.process !== null && next.process !== process) return null
          if (next.time > end) {
            heap.push(next)
            return 'late'
          }
          atOnce = next.time === now ? atOnce + 1 : 0
          if (atOnce > MOST_AT_ONCE) throw new Violation('e', `it goes round and round at ${now.toFixed(1)}`)
          now = next.time
          next.run()
          return null
        }
        whenStill(goOn)
      })
    },
  }
  return world
}

/** The same world; what is traced says where it happened. */
export function createPrefixedWorld(world: World, prefix: string): World {
  return { ...world, trace: (line) => world.trace(`${prefix}: ${line}`) }
}

function createHeap() {
  const items: Pending[] = []
  const isBefore = (one: Pending, other: Pending) => one.time < other.time || (one.time === other.time && one.order < other.order)
  const at = (index: number) => items[index] as Pending
  const swap = (one: number, other: number) => {
    const kept = at(one)
    items[one] = at(other)
    items[other] = kept
  }
  return {
    push(item: Pending) {
      items.push(item)
      for (let index = items.length - 1; index > 0; ) {
        const parent = (index - 1) >> 1
        if (!isBefore(at(index), at(parent))) break
        swap(index, parent)
        index = parent
      }
    },
    pop(): Pending | undefined {
      const first = items[0]
      const last = items.pop()
      if (first === undefined || last === undefined || items.length === 0) return first
      items[0] = last
      for (let index = 0; ; ) {
        let least = index
        for (const child of [2 * index + 1, 2 * index + 2]) if (child < items.length && isBefore(at(child), at(least))) least = child
        if (least === index) return first
        swap(index, least)
        index = least
      }
    },
  }
}
