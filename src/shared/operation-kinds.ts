import type { WorkspaceStatus } from './workspace'

/** What holds for all operations of a kind: the one table from which the core, the page and the command line take it. */
interface OperationTraits {
  /** “Creating api”, in the page. */
  doing: string
  /** “Created api” */
  done: string
  /** “Could not create api” */
  failed: string
  /** “Creation of api cancelled” */
  noun: string
  /** Between the verb and the workspace: “Cloning *to* api-exp”. */
  link?: 'of' | 'to'
  /** “api is *being created*.”: why another operation must wait. */
  busy: string
  /** “api *created*”, “api not created”, on the command line. */
  outcome: string
  /** What it is about if that is not a workspace: on the page, and on the command line. */
  subject?: { page: string; commandLine: string }
  /** The status of the workspace in the meantime: always, or by the running step; null if it does not change. */
  status: WorkspaceStatus | null | { steps: Readonly<Record<string, WorkspaceStatus | null>>; otherwise: WorkspaceStatus }
  /** The page tells of its success although its workspace is not looked at. */
  isWorthTelling?: boolean
  /** The workspace may take more or less of the disk after it. */
  changesDiskUse?: boolean
  /** What it says is kept as the log of how the workspace was made. */
  isBuild?: boolean
  /** It is about a snapshot of the workspace, not about the workspace itself. */
  isOfSnapshot?: boolean
}

const scripts = { init: 'starting', 'post-start': 'starting' } as const
const madeAnew = { steps: { stop: 'stopping', start: 'starting', ...scripts }, otherwise: 'pending' } as const

/** Words that workspaces in all places share. */
const creation = {
  doing: 'Creating',
  done: 'Created',
  failed: 'Could not create',
  noun: 'Creation',
  busy: 'being created',
  outcome: 'created',
}
const start = { doing: 'Starting', done: 'Started', failed: 'Could not start', noun: 'Start', busy: 'being started', outcome: 'started' }
const stop = { doing: 'Stopping', done: 'Stopped', failed: 'Could not stop', noun: 'Stop', busy: 'being stopped', outcome: 'stopped' }
const restart = {
  doing: 'Restarting',
  done: 'Restarted',
  failed: 'Could not restart',
  noun: 'Restart',
  busy: 'being restarted',
  outcome: 'restarted',
}
const rerunInit = {
  ...{ doing: 'Rerunning the init script', done: 'Reran the init script', failed: 'Could not rerun the init script', link: 'of' as const },
  ...{ noun: 'Rerun of the init script', busy: 'running its init script', outcome: 'init script run' },
}
const deletion = {
  doing: 'Deleting',
  done: 'Deleted',
  failed: 'Could not delete',
  noun: 'Deletion',
  busy: 'being deleted',
  outcome: 'deleted',
}
const clone = {
  ...{ doing: 'Cloning', done: 'Cloned', failed: 'Could not clone', noun: 'Clone', busy: 'being cloned', outcome: 'created' },
  link: 'to' as const,
}
const rename = { doing: 'Renaming', done: 'Renamed', failed: 'Could not rename', noun: 'Rename', busy: 'being renamed', outcome: 'renamed' }

const table = {
  'workspace.create': {
    ...creation,
    status: { steps: { image: 'building', start: 'starting', repo: 'starting', ...scripts }, otherwise: 'pending' },
    ...{ isWorthTelling: true, changesDiskUse: true, isBuild: true },
  },
  'workspace.start': {
    ...start,
    status: 'starting',
    ...{ changesDiskUse: true, isBuild: true },
  },
  'workspace.stop': {
    ...stop,
    status: 'stopping',
    changesDiskUse: true,
  },
  'workspace.restart': {
    ...restart,
    status: { steps: { stop: 'stopping' }, otherwise: 'starting' },
    changesDiskUse: true,
  },
  'workspace.rebuild': {
    ...{ doing: 'Rebuilding', done: 'Rebuilt', failed: 'Could not rebuild', noun: 'Rebuild', busy: 'being rebuilt', outcome: 'rebuilt' },
    status: {
      ...madeAnew,
      steps: { ...madeAnew.steps, image: null, 'snapshot-volumes': null, packages: 'starting', 'stop-again': 'stopping' },
    },
    ...{ isWorthTelling: true, changesDiskUse: true, isBuild: true },
  },
  'workspace.rerun-init': {
    ...rerunInit,
    status: null,
    changesDiskUse: true,
  },
  'workspace.sync': {
    ...{ doing: 'Syncing', done: 'Synced', failed: 'Could not sync', noun: 'Sync', busy: 'being synced', outcome: 'synced' },
    status: null,
    changesDiskUse: true,
  },
  'workspace.devcontainer': {
    ...{ doing: 'Opening the dev container', done: 'Opened the dev container', failed: 'Could not open the dev container', link: 'of' },
    ...{ noun: 'Opening of the dev container', busy: 'opening its dev container', outcome: 'dev container opened' },
    status: null,
    ...{ isWorthTelling: true, changesDiskUse: true },
  },
  'workspace.devcontainer-stop': {
    ...{ doing: 'Stopping the dev container', done: 'Stopped the dev container', failed: 'Could not stop the dev container', link: 'of' },
    ...{ noun: 'Stop of the dev container', busy: 'stopping its dev container', outcome: 'dev container stopped' },
    status: null,
  },
  'workspace.delete': {
    ...deletion,
    status: 'deleting',
    isWorthTelling: true,
  },
  // About the clone: the source is not what is changed.
  'workspace.clone': {
    ...clone,
    status: { steps: { start: 'starting', ...scripts }, otherwise: 'pending' },
    ...{ isWorthTelling: true, changesDiskUse: true, isBuild: true },
  },
  'workspace.rename': {
    ...rename,
    status: null,
  },
  'workspace.move': {
    ...{ doing: 'Moving', done: 'Moved', failed: 'Could not move', noun: 'Move', busy: 'being moved', outcome: 'moved' },
    status: { ...madeAnew, steps: { ...madeAnew.steps, check: null } },
  },
  'workspace.relocate': {
    ...{ doing: 'Moving', done: 'Moved', failed: 'Could not move', noun: 'Move', busy: 'being moved to another engine', outcome: 'moved' },
    status: {
      ...madeAnew,
      steps: { ...madeAnew.steps, check: null, layer: null, volumes: null, snapshots: null, finish: null },
    },
    isWorthTelling: true,
  },
  'workspace.export': {
    ...{ doing: 'Exporting', done: 'Exported', failed: 'Could not export', noun: 'Export', busy: 'being exported', outcome: 'exported' },
    status: null,
  },
  'workspace.import': {
    ...{ doing: 'Importing', done: 'Imported', failed: 'Could not import', noun: 'Import', busy: 'being imported', outcome: 'imported' },
    status: { steps: { start: 'starting', ...scripts }, otherwise: 'pending' },
    ...{ isWorthTelling: true, isBuild: true },
  },
  'workspace.adopt': {
    ...{ doing: 'Adopting', done: 'Adopted', failed: 'Could not adopt', noun: 'Adoption', busy: 'being adopted', outcome: 'adopted' },
    status: { steps: { start: 'starting', ...scripts }, otherwise: 'pending' },
    isWorthTelling: true,
  },
  'snapshot.create': {
    ...{ doing: 'Taking a snapshot', done: 'Took a snapshot', failed: 'Could not take a snapshot', noun: 'Snapshot', link: 'of' },
    ...{ busy: 'being saved as a snapshot', outcome: 'made' },
    status: null,
    ...{ isWorthTelling: true, changesDiskUse: true, isOfSnapshot: true },
  },
  'snapshot.restore': {
    ...{ doing: 'Restoring', done: 'Restored', failed: 'Could not restore', noun: 'Restore' },
    ...{ busy: 'being restored to a snapshot', outcome: 'restored' },
    status: madeAnew,
    ...{ isWorthTelling: true, changesDiskUse: true },
  },
  'snapshot.delete': {
    ...{ doing: 'Deleting a snapshot', done: 'Deleted a snapshot', failed: 'Could not delete a snapshot', noun: 'Deletion of a snapshot' },
    ...{ link: 'of', busy: 'having a snapshot deleted', outcome: 'deleted' },
    status: null,
    ...{ changesDiskUse: true, isOfSnapshot: true },
  },
  'image.build': {
    ...{ doing: 'Building', done: 'Built', failed: 'Could not build', noun: 'Build', busy: 'being built', outcome: 'built' },
    subject: { page: 'the workspace image', commandLine: 'Image' },
    status: 'building',
  },
  'storage.cleanup': {
    ...{ doing: 'Cleaning up', done: 'Cleaned up', failed: 'Could not clean up', noun: 'Clean-up', busy: 'being cleaned up' },
    outcome: 'cleaned up',
    subject: { page: 'the disk', commandLine: 'Storage' },
    status: null,
  },
  'host.create': {
    ...creation,
    status: { steps: { repo: 'starting', ...scripts }, otherwise: 'pending' },
    ...{ isWorthTelling: true, isBuild: true },
  },
  'host.start': { ...start, status: 'starting', isBuild: true },
  'host.stop': { ...stop, status: 'stopping' },
  'host.restart': { ...restart, status: { steps: { stop: 'stopping' }, otherwise: 'starting' } },
  'host.rerun-init': { ...rerunInit, status: null },
  'host.clone': {
    ...clone,
    status: { steps: { start: 'starting', ...scripts }, otherwise: 'pending' },
    ...{ isWorthTelling: true, isBuild: true },
  },
  'host.rename': { ...rename, status: null },
  'host.delete': { ...deletion, status: 'deleting', isWorthTelling: true },
  /** Of a kind this Berth does not know: left by a newer one, or damaged. */
  unknown: {
    ...{ doing: 'Unknown operation on', done: 'Ended the unknown operation on', failed: 'Unreadable operation on', noun: 'Operation' },
    ...{ busy: 'blocked by an operation that Berth cannot read', outcome: 'ended' },
    status: null,
  },
} as const satisfies Record<string, OperationTraits>

export type OperationKind = keyof typeof table
export const OPERATIONS: Readonly<Record<OperationKind, OperationTraits>> = table
export const OPERATION_KINDS = Object.keys(table) as [OperationKind, ...OperationKind[]]

/** How a workspace is while that step of an operation runs; null where it stays as it was. */
export function statusDuring(kind: OperationKind, step: string | undefined): WorkspaceStatus | null {
  const { status } = OPERATIONS[kind]
  if (status === null || typeof status === 'string') return status
  const ofStep = step === undefined ? undefined : status.steps[step]
  return ofStep === undefined ? status.otherwise : ofStep
}
