import { Palette } from '../features/palette/palette'
import { LogDialog } from '../features/problems/log-dialog'
import { DeleteWorkspaceDialog } from '../features/workspaces/delete-workspace-dialog'
import { NewWorkspaceDialog } from '../features/workspaces/new-workspace-dialog'
import { closeDialog, useDialogs } from '../store/dialogs'
import { useWorkspace } from '../store/store'
import { ShortcutsDialog } from './shortcuts-dialog'

/** The dialog that is open, over whatever screen. */
export function Dialogs({ currentId }: { currentId: string | undefined }) {
  const open = useDialogs((state) => state.open)
  switch (open?.kind) {
    case undefined:
      return null
    case 'new-workspace':
      return <NewWorkspaceDialog draft={open.draft} focus={open.focus} onClose={closeDialog} />
    case 'delete-workspace':
      return <DeleteDialog workspaceId={open.workspaceId} />
    case 'log':
      return <LogDialog open onClose={closeDialog} title={open.title} lines={open.lines} />
    case 'palette':
      return <Palette currentId={currentId} onClose={closeDialog} />
    case 'shortcuts':
      return <ShortcutsDialog onClose={closeDialog} />
    default:
      return open satisfies never
  }
}

/** It may be deleted from elsewhere meanwhile. */
function DeleteDialog({ workspaceId }: { workspaceId: string }) {
  const workspace = useWorkspace(workspaceId)
  return workspace === undefined ? null : <DeleteWorkspaceDialog workspace={workspace} onClose={closeDialog} />
}
