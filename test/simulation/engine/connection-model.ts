import type { ConnectionListener } from '../../../src/main/engine/connection'
import { engineError } from '../../../src/main/engine/engine-errors'
import type { EngineState as Connection } from '../../../src/shared/contract/engines'
import { engineCapabilities } from '../../../src/shared/testing/engine-capabilities'
import type { World } from '../world/world'
import type { EngineEvent, EngineState } from './engine-state'
import { refusal } from './refusal'

/** Of the engine's machine. */
export const ENGINE_CPUS = 4
export const ENGINE_MEMORY_BYTES = 16e9

/** How long after the way to it broke the engine still does what it was asked for. */
const LATEST_MS = 100
const ENDPOINT = 'unix:///var/run/docker.sock'

/** What goes wrong between Berth and the engine; chances from 0 to 1. */
export interface Faults {
  /** The engine refuses. */
  refuse: number
  /** Nothing happens, and no answer comes. */
  lost: number
  /** It happens, and no answer comes. */
  answerLost: number
  /** It takes seconds. */
  slow: number
}

export const NO_FAULTS: Faults = { refuse: 0, lost: 0, answerLost: 0, slow: 0 }

/** The way from one process of Berth to the engine. */
export interface ConnectionModel {
  state(): Connection
  assertConnected(): void
  start(listener: ConnectionListener): void
  reconnect(): Promise<Connection>
  close(): void
  /** A request: takes effect at a moment of its own, if it gets there; `delayMs` is what the engine takes for it. */
  call<Value>(what: string, apply: () => Value | Promise<Value>, delayMs?: number): Promise<Value>
  /** Ends with the connection. */
  onLost(listener: () => void): () => void
}

/** Where the engine is, for all processes of Berth one after another. */
export interface Line {
  readonly isUp: boolean
  /** In virtual milliseconds; 0 when it never did. */
  readonly wentDownAt: number
  faults: Faults
  setUp(isUp: boolean): void
  onChange(listener: () => void): () => void
}

export function createLine(world: World): Line {
  const listeners = new Set<() => void>()
  let isUp = true
  let wentDownAt = 0
  return {
    get isUp() {
      return isUp
    },
    get wentDownAt() {
      return wentDownAt
    },
    faults: NO_FAULTS,
    setUp(up) {
      isUp = up
      if (!up) wentDownAt = world.now()
      for (const listener of [...listeners]) listener()
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export function createConnectionModel(world: World, engine: EngineState, line: Line, label: string): ConnectionModel {
  const process = world.process()
  const lost = new Set<() => void>()
  const [labelName, labelValue] = label.split('=')
  let listener: ConnectionListener | null = null
  let state: Connection = { status: 'connecting', endpoint: null }
  let retryMs = 250
  let deliverAt = 0

  const unreachable = () => engineError(Object.assign(new Error('ECONNRESET'), { code: 'ECONNRESET' }), 'reach the engine', ENDPOINT)

  function setState(next: Connection): Connection {
    state = next
    world.trace(`connection ${next.status}`)
    listener?.onState(next)
    return next
  }

  function connect(): Promise<Connection> {
    return world.pause(1, 20).then(() => {
      if (state.status === 'connected') return state
      if (line.isUp) {
        retryMs = 250
        return setState({
          ...{ status: 'connected', endpoint: ENDPOINT, product: 'docker', version: '20.10.24', apiVersion: '1.41' },
          ...{ operatingSystem: 'Simulated', architecture: 'x86_64', cpus: ENGINE_CPUS, memoryBytes: ENGINE_MEMORY_BYTES },
          capabilities: engineCapabilities(),
        })
      }
      const delay = retryMs
      retryMs = Math.min(retryMs * 2, 5000)
      world.after(delay, () => void connect())
      return setState({ status: 'unreachable', tried: [{ endpoint: ENDPOINT, reason: 'nothing answers there' }], retryAt: null })
    })
  }

  const stopListening = line.onChange(() => {
    if (world.process() !== process) return stopListening()
    if (line.isUp || state.status !== 'connected') return
    for (const tell of [...lost]) tell()
    setState({ status: 'connecting', endpoint: ENDPOINT })
    world.after(retryMs, () => void connect())
  })

  engine.onEvent((event: EngineEvent) => {
    if (world.process() !== process || state.status !== 'connected') return
    if (event.attributes[labelName ?? ''] !== labelValue) return
    // In their order, each when the seed says.
    deliverAt = Math.max(deliverAt, world.now() + world.random.next() * 20)
    const connectedAs = state
    world.after(deliverAt - world.now(), () => {
      if (state === connectedAs) listener?.onContainerEvent(event)
    })
  })

  return {
    state: () => state,
    assertConnected() {
      if (state.status !== 'connected') throw unreachable()
    },
    start(given) {
      listener = given
      void connect()
    },
    reconnect() {
      if (state.status === 'connected') setState({ status: 'connecting', endpoint: ENDPOINT })
      return connect()
    },
    close: stopListening,
    onLost(tell) {
      lost.add(tell)
      return () => lost.delete(tell)
    },
    call: (what, apply, delayMs = 0) =>
      new Promise((resolve, reject) => {
        if (state.status !== 'connected') return reject(unreachable())
        const settle = (finish: () => void) => {
          forget()
          finish()
        }
        const forget = (() => {
          const tell = () => settle(() => reject(unreachable()))
          lost.add(tell)
          return () => lost.delete(tell)
        })()
        const { faults } = line
        const fate = world.random.next()
        const slow = world.random.chance(faults.slow) ? world.random.next() * 8000 : 0
        const askedAt = world.now()
        // What nobody waits for any more is done soon, or never.
        const isForgotten = () => {
          const brokeAt = Math.max(line.wentDownAt, world.process() === process ? 0 : world.killedAt())
          return brokeAt >= askedAt && world.now() - brokeAt > LATEST_MS
        }
        // Of the engine, which goes on when Berth is killed.
        world.after(
          world.random.next() * 10 + delayMs + slow,
          () => {
            const answer = (finish: () => void) => {
              if (world.process() === process) world.after(world.random.next() * 5, () => settle(finish))
            }
            const inTime = line.isUp || world.random.chance(0.5)
            if (!inTime || isForgotten()) return
            // Killed before the request was out.
            if (world.process() !== process && world.random.chance(0.3)) return
            if (fate < faults.lost) return answer(() => reject(unreachable()))
            if (fate < faults.lost + faults.refuse) {
              return answer(() => reject(engineError(refusal(500, 'the engine has a bad day'), what, ENDPOINT)))
            }
            try {
              const value = apply()
              if (fate < faults.lost + faults.refuse + faults.answerLost) return answer(() => reject(unreachable()))
              if (!(value instanceof Promise)) return answer(() => resolve(value))
              value.then(
                (later) => answer(() => resolve(later)),
                (error: unknown) => answer(() => reject(engineError(error, what, ENDPOINT))),
              )
            } catch (error) {
              answer(() => reject(engineError(error, what, ENDPOINT)))
            }
          },
          'outside',
        )
      }),
  }
}
