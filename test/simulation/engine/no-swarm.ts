import type { Swarm } from '../../../src/main/engine/swarm'
import { BerthError } from '../../../src/shared/errors'

/** Of an engine that is in no Swarm: the same refusal to everything. */
export function noSwarm(): Swarm {
  const refuse = async () => {
    throw new BerthError('ENGINE_REFUSED', 'The engine is no manager of a Swarm.', {
      reason: 'This node is not a swarm manager.',
      engineStatus: 503,
      next: 'Ask a manager.',
    })
  }
  return { nodes: refuse, services: refuse, createService: refuse, updateService: refuse, removeService: refuse, tasks: refuse }
}
