import type { ConnectionListener } from '../../../src/main/engine/connection'
import { engineError } from '../../../src/main/engine/engine-errors'
import type { EngineState as Connection, EngineCapabilities } from '../../../src/shared/contract/engines'
import { engineCapabilities } from '../../../src/shared/testing/engine-capabilities'
import type { World } from '../world/world'
import type { EngineEvent, EngineState } from './engine-state'
import { refusal } from './refusal'

/** Of the engine's machine. */
export const ENGINE_CPUS = 4
export const ENGINE_MEMORY_BYTES = 16e9

/** How long after the way to it broke the engine still does what it was asked for. */
const LATEST_MS = 100
/** After that long a silence Berth gives the connection up. */
const SILENCE_NOTICED_MS = 12_000
const ENDPOINT = 'unix:///var/run/docker.sock'

/** Which engine answers. */
export interface Daemon {
  endpoint: string
  daemonId: string
  /** As `EngineOptions.accept`. */
  accept?: ((capabilities: EngineCapabilities) => string | null) | undefined
}

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
  /** Nothing comes from there, and nothing says so: requests and attempts to connect wait. */
  readonly isSilent: boolean
  /** Nothing goes wrong on the way. */
  readonly isFine: boolean
  /** In virtual milliseconds; 0 when it never did. */
  readonly wentDownAt: number
  faults: Faults
  setUp(isUp: boolean): void
  setSilent(isSilent: boolean): void
  /** Something about the engine itself begins or ends to go wrong. */
  disturb(): void
  /** Whether anything has gone wrong since; in virtual milliseconds. */
  wasDisturbedSince(time: number): boolean
  /** Whether it was down or silent at any time since. */
  wasAwaySince(time: number): boolean
  onChange(listener: () => void): () => void
}

export function createLine(world: World): Line {
  const listeners = new Set<() => void>()
  let isUp = true
  let isSilent = false
  let faults = NO_FAULTS
  let wentDownAt = 0
  let disturbedAt = Number.NEGATIVE_INFINITY
  let cameBackAt = Number.NEGATIVE_INFINITY
  const isFine = () => isUp && !isSilent && faults === NO_FAULTS
  function change(): void {
    disturbedAt = world.now()
    for (const listener of [...listeners]) listener()
  }
  return {
    get isSilent() {
      return isSilent
    },
    get isFine() {
      return isFine()
    },
    get isUp() {
      return isUp
    },
    get wentDownAt() {
      return wentDownAt
    },
    get faults() {
      return faults
    },
    set faults(given) {
      faults = given
      disturbedAt = world.now()
    },
    setUp(up) {
      isUp = up
      if (up) cameBackAt = world.now()
      else wentDownAt = world.now()
      change()
    },
    setSilent(silent) {
      isSilent = silent
      if (!silent) cameBackAt = world.now()
      change()
    },
    disturb() {
      disturbedAt = world.now()
    },
    wasDisturbedSince: (time) => !isFine() || disturbedAt >= time,
    wasAwaySince: (time) => !isUp || isSilent || cameBackAt >= time,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export function createConnectionModel(
  world: World,
  engine: EngineState,
  line: Line,
  label: string,
  { endpoint, daemonId, accept }: Daemon = { endpoint: ENDPOINT, daemonId: engineCapabilities().daemonId },
): ConnectionModel {
  const process = world.process()
  const lost = new Set<() => void>()
  const [labelName, labelValue] = label.split('=')
  let listener: ConnectionListener | null = null
  let state: Connection = { status: 'connecting', endpoint: null }
  let retryMs = 250
  let deliverAt = 0
  let brokeAt = 0

  const unreachable = () => engineError(Object.assign(new Error('ECONNRESET'), { code: 'ECONNRESET' }), 'reach the engine', endpoint)

  function setState(next: Connection): Connection {
    state = next
    world.trace(`connection ${next.status}`)
    listener?.onState(next)
    return next
  }

  /** Until something comes from there again. */
  function spoken(): Promise<void> {
    if (!line.isSilent) return Promise.resolve()
    return new Promise((resolve) => {
      const stop = line.onChange(() => {
        if (line.isSilent) return
        stop()
        resolve()
      })
    })
  }

  function connect(): Promise<Connection> {
    return world.pause(1, 20).then(async () => {
      if (line.isSilent) await spoken()
      if (world.process() !== process) return state
      if (state.status === 'connected') return state
      const refused = line.isUp ? (accept?.(engineCapabilities({ daemonId })) ?? null) : null
      if (line.isUp && refused === null) {
        retryMs = 250
        return setState({
          ...{ status: 'connected', endpoint, product: 'docker', version: '20.10.24', apiVersion: '1.41' },
          ...{ operatingSystem: 'Simulated', architecture: 'x86_64', cpus: ENGINE_CPUS, memoryBytes: ENGINE_MEMORY_BYTES },
          capabilities: engineCapabilities({ daemonId }),
        })
      }
      const delay = retryMs
      retryMs = Math.min(retryMs * 2, 5000)
      world.after(delay, () => void connect())
      return setState({ status: 'unreachable', tried: [{ endpoint, reason: refused ?? 'nothing is listening there' }], retryAt: null })
    })
  }

  const stopListening = line.onChange(() => {
    if (world.process() !== process) return stopListening()
    if (line.isSilent && line.isUp) return void world.after(SILENCE_NOTICED_MS, noticeSilence)
    if (line.isUp || state.status !== 'connected') return
    loseConnection()
  })

  function loseConnection(): void {
    brokeAt = world.now()
    for (const tell of [...lost]) tell()
    setState({ status: 'connecting', endpoint })
    world.after(retryMs, () => void connect())
  }

  function noticeSilence(): void {
    if (line.isSilent && state.status === 'connected') loseConnection()
  }

  engine.onEvent((event: EngineEvent) => {
    if (world.process() !== process || state.status !== 'connected') return
    if (event.attributes[labelName ?? ''] !== labelValue) return
    // In their order, each when the seed says.
    deliverAt = Math.max(deliverAt, world.now() + world.random.next() * 20)
    const connectedAs = state
    world.after(deliverAt - world.now(), () => {
      if (line.isSilent) void spoken().then(() => state === connectedAs && listener?.onContainerEvent(event))
      else if (state === connectedAs) listener?.onContainerEvent(event)
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
      if (state.status === 'connected') setState({ status: 'connecting', endpoint })
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
          const lostAt = Math.max(line.wentDownAt, brokeAt, world.process() === process ? 0 : world.killedAt())
          return lostAt >= askedAt && world.now() - lostAt > LATEST_MS
        }
        const arrive = () => {
          if (line.isSilent) return void spoken().then(arrive)
          const answer = (finish: () => void) => {
            if (world.process() === process) world.after(world.random.next() * 5, () => settle(finish))
          }
          const inTime = line.isUp || world.random.chance(0.5)
          if (!inTime || isForgotten()) return
          // Killed before the request was out.
          if (world.process() !== process && world.random.chance(0.3)) return
          if (fate < faults.lost) return answer(() => reject(unreachable()))
          if (fate < faults.lost + faults.refuse) {
            return answer(() => reject(engineError(refusal(500, 'the engine has a bad day'), what, endpoint)))
          }
          try {
            const value = apply()
            if (fate < faults.lost + faults.refuse + faults.answerLost) return answer(() => reject(unreachable()))
            if (!(value instanceof Promise)) return answer(() => resolve(value))
            value.then(
              (later) => answer(() => resolve(later)),
              (error: unknown) => answer(() => reject(engineError(error, what, endpoint))),
            )
          } catch (error) {
            answer(() => reject(engineError(error, what, endpoint)))
          }
        }
        // Of the engine, which goes on when Berth is killed.
        world.after(world.random.next() * 10 + delayMs + slow, arrive, 'outside')
      }),
  }
}
