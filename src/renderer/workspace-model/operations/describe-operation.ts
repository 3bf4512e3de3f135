import type { Operation, OperationKind, OperationStep } from '../../../shared/operation'

interface Words {
  doing: string
  done: string
  failed: string
  noun: string
  /** Between the verb and the workspace: “Cloning *to* api-exp”. */
  link?: 'of' | 'to'
}

const WORDS: Record<OperationKind, Words> = {
  'workspace.create': { doing: 'Creating', done: 'Created', failed: 'Could not create', noun: 'Creation' },
  'workspace.start': { doing: 'Starting', done: 'Started', failed: 'Could not start', noun: 'Start' },
  'workspace.stop': { doing: 'Stopping', done: 'Stopped', failed: 'Could not stop', noun: 'Stop' },
  'workspace.restart': { doing: 'Restarting', done: 'Restarted', failed: 'Could not restart', noun: 'Restart' },
  'workspace.delete': { doing: 'Deleting', done: 'Deleted', failed: 'Could not delete', noun: 'Deletion' },
  // About the clone: the source is not what is changed.
  'workspace.clone': { doing: 'Cloning', done: 'Cloned', failed: 'Could not clone', noun: 'Clone', link: 'to' },
  'workspace.rename': { doing: 'Renaming', done: 'Renamed', failed: 'Could not rename', noun: 'Rename' },
  'workspace.move': { doing: 'Moving', done: 'Moved', failed: 'Could not move', noun: 'Move' },
  'workspace.export': { doing: 'Exporting', done: 'Exported', failed: 'Could not export', noun: 'Export' },
  'workspace.import': { doing: 'Importing', done: 'Imported', failed: 'Could not import', noun: 'Import' },
  'workspace.adopt': { doing: 'Adopting', done: 'Adopted', failed: 'Could not adopt', noun: 'Adoption' },
  'snapshot.create': {
    doing: 'Taking a snapshot',
    done: 'Took a snapshot',
    failed: 'Could not take a snapshot',
    noun: 'Snapshot',
    link: 'of',
  },
  'snapshot.restore': { doing: 'Restoring', done: 'Restored', failed: 'Could not restore', noun: 'Restore' },
  'snapshot.delete': {
    doing: 'Deleting a snapshot',
    done: 'Deleted a snapshot',
    failed: 'Could not delete a snapshot',
    noun: 'Deletion of a snapshot',
    link: 'of',
  },
  'storage.cleanup': { doing: 'Cleaning up', done: 'Cleaned up', failed: 'Could not clean up', noun: 'Clean-up' },
  unknown: { doing: 'Unknown operation on', done: 'Ended the unknown operation on', failed: 'Unreadable operation on', noun: 'Operation' },
  'image.build': { doing: 'Building', done: 'Built', failed: 'Could not build', noun: 'Build' },
}

/** Of those that are about no workspace. */
const SUBJECTS: Partial<Record<OperationKind, string>> = { 'image.build': 'the workspace image', 'storage.cleanup': 'the disk' }

/** “Creating”, “Created”, “Could not create”, “Creation cancelled”: beside the workspace that it is about. */
export function operationVerb(operation: Operation): string {
  const { kind, status } = operation
  const { doing, done, failed, noun } = WORDS[kind]
  if (lacksOnlyRepo(operation)) return `${done}, without its repository`
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

/** “Creating api-server”, “Cloning to api-exp”, “Creation of api-server cancelled”. */
export function operationTitle(operation: Operation): string {
  const { noun, link } = WORDS[operation.kind]
  const subject = operation.workspaceName ?? SUBJECTS[operation.kind] ?? 'a workspace'
  if (operation.status === 'cancelled') return `${noun} ${link ?? 'of'} ${subject} cancelled`
  if (lacksOnlyRepo(operation)) return `${WORDS[operation.kind].done} ${subject}, without its repository`
  const between = link ?? (operation.status === 'rolling-back' ? 'of' : '')
  return [operationVerb(operation), between, subject].filter(Boolean).join(' ')
}

/** The workspace is there and runs: all but the clone of its repository went well. */
function lacksOnlyRepo({ status, error }: Operation): boolean {
  return status === 'failed' && error?.code === 'REPO_CLONE_FAILED'
}

export function currentStep(operation: Operation): OperationStep | undefined {
  return operation.steps.findLast(({ status }) => status === 'running')
}
