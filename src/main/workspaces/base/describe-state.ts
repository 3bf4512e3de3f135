import type { Problem } from '../../../shared/error-definitions'
import { BerthError, toProblem } from '../../../shared/errors'
import type { Operation } from '../../../shared/operation'
import { statusDuring } from '../../../shared/operation-kinds'
import { isRepoProblem } from '../../../shared/repo-problem'
import type { Workspace, WorkspaceStatus } from '../../../shared/workspace'
import type { WorkspaceRecord } from '../../settings/records'

/** What is known of a workspace's container, or of its like in another place. */
export interface RunState {
  running: boolean
  paused: boolean
  /** Whether it was ready since it was started. */
  ready: boolean
  /** Code it ended with, when it ended while Berth looked on and nobody asked it to. */
  unexpectedExit: number | null
}

/** What the words are about, in whatever place it is. */
type Described = Pick<WorkspaceRecord, 'name' | 'init' | 'problem'>

const CONTAINER_GONE =
  'Its container was removed outside Berth, with everything installed outside the home folder. “berth doctor” shows details.'
const VOLUMES_GONE = 'Its container and volumes were removed outside Berth. “berth doctor” shows what can be restored.'
const CONTAINER_KEPT = 'Its container was removed outside Berth, but its layer was kept. The next start recreates it without loss.'

export interface Description {
  status: WorkspaceStatus
  statusDetail: string | null
}

export function whatIsGone({ keptLayer }: Pick<WorkspaceRecord, 'keptLayer'>, missingVolumes: string[]): string {
  if (missingVolumes.length > 0) return VOLUMES_GONE
  return keptLayer === null ? CONTAINER_GONE : CONTAINER_KEPT
}

/** How it is, in a word and in a sentence: by what is being done to it, else by its container. */
export function describe(
  record: Described,
  container: RunState | null,
  operation: Operation | null,
  initProblem: Problem | null,
  gone: string | null,
): Description {
  const during = operation ? describeOperation(operation) : null
  if (during?.status) return { status: during.status, statusDetail: during.statusDetail }
  const described = describeContainer(record, container, initProblem, gone)
  return during ? { ...described, statusDetail: during.statusDetail } : described
}

/** How its init script fared. One that is said to run, and no operation is at it, was cut off. */
export function initOutcome(
  { name, init }: Described,
  operation: Operation | null,
): { state: Workspace['initState']; problem: Problem | null } {
  if (init === undefined) return { state: 'done', problem: null }
  if (init.status === 'failed') return { state: 'failed', problem: init.problem }
  if (init.status === 'pending' || operation !== null) return { state: init.status, problem: null }
  const what = `The init script of ${name}`
  const next = `The next start runs it again, and so does “berth rerun-init ${name}”.`
  return { state: 'failed', problem: toProblem(new BerthError('CANCELLED', `${what} was interrupted.`, { what, next })) }
}

function describeContainer(record: Described, container: RunState | null, initProblem: Problem | null, gone: string | null): Description {
  const problem = record.problem?.message ?? initProblem?.message ?? null
  if (container?.running) {
    if (container.paused) return { status: 'running', statusDetail: 'Paused on the engine.' }
    if (!container.ready) return { status: record.problem ? 'error' : 'starting', statusDetail: problem }
    const hasFailedScript = initProblem !== null || record.problem?.code === 'POST_START_FAILED'
    return { status: hasFailedScript ? 'error' : 'running', statusDetail: problem }
  }
  if (record.problem && !isRepoProblem(record.problem.code)) return { status: 'error', statusDetail: problem }
  if (container?.unexpectedExit != null) {
    return {
      status: 'stopped',
      statusDetail: `It stopped unexpectedly with exit code ${container.unexpectedExit}. Its files are unchanged.`,
    }
  }
  return { status: 'stopped', statusDetail: problem ?? gone }
}

/** `status` is null for an operation that leaves it running or stopped as it was. */
function describeOperation(operation: Operation): { status: WorkspaceStatus | null; statusDetail: string | null } {
  const step = operation.steps.find((candidate) => candidate.status === 'running')
  const progress = step?.progress
  const percent = progress?.total ? ` ${Math.floor((100 * progress.done) / progress.total)} %` : ''
  // Whom a stop waits for is what a person wants to know.
  const stopDetail = step?.name === 'stop' || step?.name === 'stop-source' ? step.detail : null
  const during = step ? (stopDetail ?? `${step.title}${percent}`) : null
  const doing = operation.status === 'rolling-back' ? 'Undoing the changes' : during
  const statusDetail = operation.waiting ? `Waiting for a retry: ${operation.waiting.problem.message}` : doing
  return { status: statusDuring(operation.kind, step?.name), statusDetail }
}
