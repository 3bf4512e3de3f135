import { Copy, Ellipsis, Play, RotateCw, Square, Trash2, X } from 'lucide-react'
import type { Workspace } from '../../../shared/workspace'
import { openDialog } from '../../store/dialogs'
import { useOperation, useSystem } from '../../store/store'
import { Button, IconButton } from '../../ui/button'
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu'
import { Truncated } from '../../ui/truncated'
import { cancelOperation } from '../operations/cancel-operation'
import { shortProgress } from '../operations/describe-operation'
import { isBusy, sshCommand, statusWord } from './describe-workspace'
import { copySshCommand, restartWorkspace, startWorkspace, stopWorkspace } from './workspace-actions'
import { WorkspaceDot } from './workspace-dot'

export function WorkspaceHeader({ workspace }: { workspace: Workspace }) {
  const operation = useOperation(workspace.operationId)
  const progress = operation && shortProgress(operation)
  return (
    <header className="flex h-12 shrink-0 items-center gap-3 px-5">
      <div className="flex min-w-0 flex-1 items-baseline gap-2">
        <h1 className="min-w-0 font-semibold text-lg">
          <Truncated text={workspace.name} />
        </h1>
        {workspace.label !== null && <Truncated text={workspace.label} className="shrink-[4] text-ink-muted" />}
      </div>
      <div role="status" className="flex shrink-0 items-center gap-1.5 text-ink-muted">
        <WorkspaceDot workspace={workspace} />
        {statusWord(workspace)}
        {progress && <span className="tabular-nums">{progress}</span>}
      </div>
      <div className="flex shrink-0 items-center gap-1">
        <PrimaryAction workspace={workspace} />
        <MoreActions workspace={workspace} />
      </div>
    </header>
  )
}

/** One place, one width, whatever the state: it does not jump under the pointer. */
function PrimaryAction({ workspace }: { workspace: Workspace }) {
  const operation = useOperation(workspace.operationId)
  const width = 'w-21'
  if (isBusy(workspace)) {
    return (
      <Button
        icon={X}
        className={width}
        disabled={operation === undefined || !operation.cancellable}
        onClick={() => operation && cancelOperation(operation.id)}
      >
        Cancel
      </Button>
    )
  }
  switch (workspace.status) {
    case 'running':
      return (
        <Button icon={Square} className={width} onClick={() => stopWorkspace(workspace)}>
          Stop
        </Button>
      )
    case 'error':
      return (
        <Button icon={RotateCw} variant="primary" className={width} onClick={() => startWorkspace(workspace)}>
          Retry
        </Button>
      )
    default:
      return (
        <Button icon={Play} variant="primary" className={width} onClick={() => startWorkspace(workspace)}>
          Start
        </Button>
      )
  }
}

function MoreActions({ workspace }: { workspace: Workspace }) {
  const command = sshCommand(workspace, useSystem()?.sshKeyPath)
  const busy = isBusy(workspace)
  return (
    <Menu trigger={<IconButton icon={Ellipsis} label="More actions" />}>
      <MenuItem icon={RotateCw} disabled={busy || workspace.status !== 'running'} onSelect={() => restartWorkspace(workspace)}>
        Restart
      </MenuItem>
      <MenuItem icon={Copy} disabled={command === null} onSelect={() => void copySshCommand(workspace)}>
        Copy ssh command
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={Trash2} danger disabled={busy} onSelect={() => openDialog({ kind: 'delete-workspace', workspaceId: workspace.id })}>
        Delete…
      </MenuItem>
    </Menu>
  )
}
