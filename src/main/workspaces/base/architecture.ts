import { machineName } from '../../storage/archive/archive-manifest'
import type { LifecycleServices } from './lifecycle-services'

/** The machine of the engine, as an archive names it. Throws ENGINE_UNREACHABLE. */
export function architectureOf({ engine }: Pick<LifecycleServices, 'engine'>): string {
  const state = engine.state()
  engine.assertConnected()
  return state.status === 'connected' ? machineName(state.architecture) : ''
}
