import { type ReactNode, useEffect } from 'react'
import type { Snapshot } from '../../shared/snapshot'
import type { Workspace } from '../../shared/workspace'
import { AdoptDialog } from '../features/adoption/adopt-dialog'
import { ExportDialog } from '../features/archives/export-dialog'
import { ImportDialog } from '../features/archives/import-dialog'
import { AddEngineDialog } from '../features/engines/add-engine-dialog'
import { RelocateDialog } from '../features/engines/relocate-dialog'
import { EditSwarmDialog, UseSwarmDialog } from '../features/engines/swarm-dialogs'
import { ApplyTemplateDialog } from '../features/library/apply-template-dialog'
import { SaveTemplateDialog } from '../features/library/save-template-dialog'
import { Palette } from '../features/palette/palette'
import { DeleteSnapshotDialog, RestoreAsDialog, RestoreDialog } from '../features/snapshots/snapshot-dialogs'
import { InstallSshConfigDialog } from '../features/ssh/install-ssh-config-dialog'
import { LimitDialog } from '../features/storage/limit-dialog'
import { MoveDialog } from '../features/storage/move-dialog'
import { CloneDialog } from '../features/workspaces/clone-dialog'
import { DebugDialog } from '../features/workspaces/debug-dialog'
import { DeleteWorkspaceDialog } from '../features/workspaces/delete-workspace-dialog'
import { LabelDialog, MakeTemplateDialog, RenameDialog } from '../features/workspaces/identity-dialogs'
import { NewWorkspaceDialog } from '../features/workspaces/new-workspace-dialog'
import { RebuildDialog } from '../features/workspaces/rebuild-dialog'
import { RepoCredentialDialog } from '../features/workspaces/repo-credential-dialog'
import { closeDialog, type OpenDialog } from '../store/dialogs'
import { useAdoptable, useSnapshots, useStore, useSwarms, useWorkspace } from '../store/store'
import { LogDialog } from '../workspace-model/problems/log-dialog'
import { ProblemReportDialog } from './problem-report-dialog'
import { SCREENS } from './screen-table'
import { ShortcutsDialog } from './shortcuts-dialog'

/** One of the dialogs, whichever is open. `currentId` is of the workspace that is shown behind it. */
export function OpenDialogView({ open, currentId }: { open: OpenDialog; currentId: string | undefined }) {
  switch (open.kind) {
    case 'new-workspace':
      return <NewWorkspaceDialog draft={open.draft} focus={open.focus} onClose={closeDialog} />
    case 'delete-workspace':
    case 'clone-workspace':
    case 'rename-workspace':
    case 'label-workspace':
    case 'make-template':
    case 'save-template':
    case 'apply-template':
    case 'debug-workspace':
    case 'export-workspace':
    case 'limit-workspace':
    case 'repo-credential':
    case 'install-ssh-config':
    case 'move-workspace':
    case 'relocate-workspace':
    case 'rebuild-workspace':
      return <OfWorkspace id={open.workspaceId}>{(workspace) => workspaceDialog(open, workspace)}</OfWorkspace>
    case 'import-workspace':
      return <ImportDialog draft={open.draft} onClose={closeDialog} />
    case 'add-engine':
      return <AddEngineDialog onClose={closeDialog} />
    case 'use-swarm':
      return <UseSwarmDialog engine={open.engine} onClose={closeDialog} />
    case 'edit-swarm':
      return <EditSwarmDialogOf id={open.swarmId} />
    case 'adopt-workspace':
      return <AdoptDialogOf containerId={open.containerId} />
    case 'restore-snapshot':
    case 'restore-snapshot-as':
    case 'delete-snapshot':
      return (
        <OfWorkspace id={open.workspaceId}>
          {(workspace) => (
            <OfSnapshot workspaceId={open.workspaceId} id={open.snapshotId}>
              {(snapshot) => snapshotDialog(open, workspace, snapshot)}
            </OfSnapshot>
          )}
        </OfWorkspace>
      )
    case 'log':
      return <LogDialog open onClose={closeDialog} title={open.title} lines={open.lines} />
    case 'palette':
      return <Palette screens={SCREENS} currentId={currentId} onClose={closeDialog} />
    case 'problem-report':
      return <ProblemReportDialog onClose={closeDialog} />
    case 'shortcuts':
      return <ShortcutsDialog onClose={closeDialog} />
    default:
      return open satisfies never
  }
}

type SnapshotDialog = Extract<OpenDialog, { snapshotId: string }>
type WorkspaceDialog = Exclude<Extract<OpenDialog, { workspaceId: string }>, SnapshotDialog>

function workspaceDialog(open: WorkspaceDialog, workspace: Workspace): ReactNode {
  const common = { workspace, onClose: closeDialog }
  switch (open.kind) {
    case 'delete-workspace':
      return <DeleteWorkspaceDialog {...common} />
    case 'clone-workspace':
      return <CloneDialog {...common} draft={open.draft} />
    case 'rename-workspace':
      return <RenameDialog {...common} name={open.name} />
    case 'label-workspace':
      return <LabelDialog {...common} />
    case 'make-template':
      return <MakeTemplateDialog {...common} />
    case 'save-template':
      return <SaveTemplateDialog {...common} />
    case 'apply-template':
      return <ApplyTemplateDialog {...common} />
    case 'export-workspace':
      return <ExportDialog {...common} file={open.file} />
    case 'debug-workspace':
      return <DebugDialog {...common} />
    case 'limit-workspace':
      return <LimitDialog {...common} />
    case 'repo-credential':
      return <RepoCredentialDialog {...common} />
    case 'install-ssh-config':
      return <InstallSshConfigDialog {...common} editor={open.editor} />
    case 'relocate-workspace':
      return <RelocateDialog {...common} />
    case 'move-workspace':
      return <MoveDialog {...common} />
    case 'rebuild-workspace':
      return <RebuildDialog {...common} image={open.image} />
    default:
      return open satisfies never
  }
}

function snapshotDialog(open: SnapshotDialog, workspace: Workspace, snapshot: Snapshot): ReactNode {
  const common = { workspace, snapshot, onClose: closeDialog }
  switch (open.kind) {
    case 'restore-snapshot':
      return <RestoreDialog {...common} />
    case 'restore-snapshot-as':
      return <RestoreAsDialog {...common} name={open.name} />
    case 'delete-snapshot':
      return <DeleteSnapshotDialog {...common} />
    default:
      return open satisfies never
  }
}

/** It may be deleted from elsewhere meanwhile: then there is nothing left to ask. */
function OfWorkspace({ id, children }: { id: string; children(workspace: Workspace): ReactNode }) {
  const workspace = useWorkspace(id)
  useCloseWithout(workspace)
  return workspace === undefined ? null : children(workspace)
}

function OfSnapshot({ workspaceId, id, children }: { workspaceId: string; id: string; children(snapshot: Snapshot): ReactNode }) {
  const snapshot = useSnapshots(workspaceId).find((candidate) => candidate.id === id)
  useCloseWithout(snapshot)
  return snapshot === undefined ? null : children(snapshot)
}

function AdoptDialogOf({ containerId }: { containerId: string }) {
  const adoptable = useAdoptable().find((candidate) => candidate.containerId === containerId)
  useCloseWithout(adoptable)
  return adoptable === undefined ? null : <AdoptDialog adoptable={adoptable} onClose={closeDialog} />
}

function EditSwarmDialogOf({ id }: { id: string }) {
  const swarm = useSwarms().find((candidate) => candidate.id === id)
  useCloseWithout(swarm)
  return swarm === undefined ? null : <EditSwarmDialog swarm={swarm} onClose={closeDialog} />
}

/** The tray may ask before the page knows what there is: then it waits. */
function useCloseWithout(subject: object | undefined): void {
  const isGone = useStore((state) => state.loaded) && subject === undefined
  useEffect(() => {
    if (isGone) closeDialog()
  }, [isGone])
}
