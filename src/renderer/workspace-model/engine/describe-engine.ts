import type { EngineState, EngineView } from '../../../shared/contract/engines'
import { ENGINE_PRODUCTS } from '../../../shared/engine-products'
import type { DotState } from '../../ui/status-dot'

/** It is connected, and has not answered for longer than an answer takes: it hangs, or is very busy. */
export function isQuiet(engine: EngineState): boolean {
  return engine.status === 'connected' && engine.quietSince !== undefined
}

/** Nothing can be done on it, and somebody should know. */
export function doesNotAnswer(engine: EngineState): boolean {
  return stateOf(engine) === 'unreachable'
}

/** “Docker 28.2.2”, “Looking for an engine…”, “No engine answers”. */
export function describeEngine(engine: EngineState): string {
  switch (engine.status) {
    case 'connecting':
      return 'Looking for an engine…'
    case 'connected':
      return `${ENGINE_PRODUCTS[engine.product]} ${engine.version}${isQuiet(engine) ? ' is not responding' : ''}`
    case 'unreachable':
      return 'No engine is responding'
    default:
      return engine satisfies never
  }
}

/** The same beside its name, as one of several: “Docker 28.2.2”, “connecting…”, “does not answer”. */
export function describeOneEngine(engine: EngineState): string {
  return engineObstacle(engine) ?? describeEngine(engine)
}

/** Why nothing can be done on it for the moment, behind its name; null when it answers. */
export function engineObstacle(engine: EngineState): string | null {
  const { status } = engine
  switch (status) {
    case 'connecting':
      return 'connecting…'
    case 'connected':
      return isQuiet(engine) ? 'not responding' : null
    case 'unreachable':
      return 'not responding'
    default:
      return status satisfies never
  }
}

const DOTS: Record<EngineState['status'], DotState> = { connecting: 'busy', connected: 'running', unreachable: 'error' }

export function engineDot(engine: EngineState): DotState {
  return DOTS[stateOf(engine)]
}

const stateOf = (engine: EngineState): EngineState['status'] => (isQuiet(engine) ? 'unreachable' : engine.status)

/** All of them as one: how many answer, the state of the worst, and who does not answer. */
export function describeEngines(engines: readonly EngineView[]): { text: string; dot: DotState; away: string[] } {
  const states = engines.map(({ state }) => stateOf(state))
  const answering = states.filter((state) => state === 'connected').length
  const worst = (['unreachable', 'connecting'] as const).find((status) => states.includes(status)) ?? 'connected'
  return {
    text: `${answering === engines.length ? answering : `${answering} of ${engines.length}`} engines`,
    dot: DOTS[worst],
    away: engines.filter(({ state }) => doesNotAnswer(state)).map(({ name }) => name),
  }
}

/** The one that is found on this machine; it is always there. */
export function isLocalEngine({ address }: Pick<EngineView, 'address'>): boolean {
  return address === null
}

/** Where it was said to be, or was found. */
export function engineAddress({ address, state }: Pick<EngineView, 'address' | 'state'>): string | null {
  return address ?? (state.status === 'unreachable' ? null : state.endpoint)
}

/** That for new workspaces first. */
export function defaultFirst(engines: readonly EngineView[]): EngineView[] {
  return engines.toSorted((a, b) => Number(b.isDefault) - Number(a.isDefault))
}
