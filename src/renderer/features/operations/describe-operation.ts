import type { Operation, OperationKind, OperationStep, Progress } from '../../../shared/operation'
import { formatBytes } from '../../ui/format'

const WORDS: Record<OperationKind, { doing: string; done: string; failed: string; noun: string }> = {
  'workspace.create': { doing: 'Creating', done: 'Created', failed: 'Could not create', noun: 'Creation' },
  'workspace.start': { doing: 'Starting', done: 'Started', failed: 'Could not start', noun: 'Start' },
  'workspace.stop': { doing: 'Stopping', done: 'Stopped', failed: 'Could not stop', noun: 'Stop' },
  'workspace.restart': { doing: 'Restarting', done: 'Restarted', failed: 'Could not restart', noun: 'Restart' },
  'workspace.delete': { doing: 'Deleting', done: 'Deleted', failed: 'Could not delete', noun: 'Deletion' },
  'image.build': { doing: 'Building', done: 'Built', failed: 'Could not build', noun: 'Build' },
}

/** “Creating”, “Created”, “Could not create”, “Creation cancelled”: beside the workspace that it is about. */
export function operationVerb({ kind, status }: Operation): string {
  const { doing, done, failed, noun } = WORDS[kind]
  switch (status) {
    case 'running':
      return doing
    case 'rolling-back':
      return `Undoing the ${noun.toLowerCase()}`
    case 'succeeded':
      return done
    case 'failed':
      return failed
    case 'cancelled':
      return `${noun} cancelled`
    default:
      return status satisfies never
  }
}

/** “Creating api-server”, “Creation of api-server cancelled”. */
export function operationTitle(operation: Operation): string {
  const subject = operation.workspaceName ?? (operation.kind === 'image.build' ? 'the workspace image' : 'a workspace')
  if (operation.status === 'cancelled') return `${WORDS[operation.kind].noun} of ${subject} cancelled`
  return `${operationVerb(operation)}${operation.status === 'rolling-back' ? ' of' : ''} ${subject}`
}

export function currentStep(operation: Operation): OperationStep | undefined {
  return operation.steps.findLast(({ status }) => status === 'running')
}

/** 0 to 1; null while the end is not known. */
export function progressFraction({ done, total, unit }: Progress): number | null {
  const end = unit === 'percent' ? (total ?? 100) : total
  return end === null || end === 0 ? null : Math.min(1, done / end)
}

/** “62 %”, “120 MB of 1.2 GB”, “step 3 of 12”; null when there is nothing to say. */
export function progressText({ done, total, unit }: Progress): string | null {
  switch (unit) {
    case 'percent':
      return `${Math.round((progressFraction({ done, total, unit }) ?? 0) * 100)} %`
    case 'bytes':
      return total === null ? formatBytes(done) : `${formatBytes(done)} of ${formatBytes(total)}`
    case 'steps':
      return total === null ? null : `step ${done} of ${total}`
    default:
      return unit satisfies never
  }
}

/**
 * How far the whole operation is, 0 to 1: each step is an equal share, and the running one counts as far as it is. Null while
 * it has said nothing of its steps.
 */
export function operationFraction({ steps }: Operation): number | null {
  if (steps.length === 0) return null
  const shares = steps.map(({ status, progress }) => {
    if (status === 'pending' || status === 'failed') return 0
    if (status === 'running') return progress === null ? 0 : (progressFraction(progress) ?? 0)
    return 1
  })
  return shares.reduce<number>((sum, share) => sum + share, 0) / steps.length
}

/** In few words for a narrow place: “62 %” of a step that counts, otherwise of the whole. */
export function shortProgress(operation: Operation): string | null {
  const progress = currentStep(operation)?.progress
  const fraction = progress ? progressFraction(progress) : operationFraction(operation)
  return fraction === null ? null : `${Math.floor(fraction * 100)} %`
}
