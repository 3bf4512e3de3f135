import type { EngineState } from '../../../shared/contract/engines'
import type { DotState } from '../../ui/status-dot'

const PRODUCTS = { docker: 'Docker', podman: 'Podman' } as const

/** “Docker 28.2.2”, “Looking for an engine…”, “No engine”. */
export function describeEngine(engine: EngineState): string {
  switch (engine.status) {
    case 'connecting':
      return 'Looking for an engine…'
    case 'connected':
      return `${PRODUCTS[engine.product]} ${engine.version}`
    case 'unreachable':
      return 'No engine answers'
    default:
      return engine satisfies never
  }
}

const DOTS: Record<EngineState['status'], DotState> = { connecting: 'busy', connected: 'running', unreachable: 'error' }

export function engineDot({ status }: EngineState): DotState {
  return DOTS[status]
}
