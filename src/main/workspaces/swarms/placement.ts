import { setTimeout as sleep } from 'node:timers/promises'
import { BerthError } from '../../../shared/errors'
import type { Swarm, SwarmTask } from '../../engine/swarm'

/** Swarm says within a second where a task goes; a manager that has just been elected takes longer. */
const VERDICT_MS = 20_000
/** Swarm tells nobody when a task gets a node: it is asked until it has one, or says why not. */
const ASK_AGAIN_MS = 100

/** What Swarm wants of a task that it has not given up. */
const LIVE = new Set(['ready', 'running'])

interface Wanted {
  /** Names, for the message. */
  swarm: string
  workspace: string
  /** What helps, in a sentence. */
  next: string
  /** It had no task before: an ended task also tells its node. A node refuses it while it does not have its image. */
  isNew: boolean
}

/** The node that Swarm has chosen for the task of a service. Throws SWARM_NO_ROOM with Swarm's own reason. */
export async function chosenNode(swarm: Pick<Swarm, 'tasks'>, serviceId: string, wanted: Wanted): Promise<string> {
  const end = performance.now() + VERDICT_MS
  let reason = 'it has not answered yet'
  while (performance.now() < end) {
    const [newest] = (await swarm.tasks(serviceId)).filter(({ desiredState }) => wanted.isNew || LIVE.has(desiredState))
    const verdict = newest && verdictOf(newest)
    if (verdict && 'nodeId' in verdict) return verdict.nodeId
    if (verdict) throw noRoom(wanted, verdict.reason)
    reason = newest?.state ?? reason
    await sleep(ASK_AGAIN_MS)
  }
  throw noRoom(wanted, `Swarm did not decide within ${VERDICT_MS / 1000} seconds (${reason})`)
}

/** null while it has not decided. */
function verdictOf({ nodeId, error }: SwarmTask): { nodeId: string } | { reason: string } | null {
  if (nodeId !== null) return { nodeId }
  return error === null ? null : { reason: error }
}

function noRoom({ swarm, workspace, next }: Wanted, reason: string): BerthError {
  return new BerthError('SWARM_NO_ROOM', `The Swarm ${swarm} has no node for ${workspace}: ${reason}.`, { swarm, workspace, reason, next })
}
