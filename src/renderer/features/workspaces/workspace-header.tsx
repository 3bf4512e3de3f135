import {
  ArrowRightLeft,
  BookOpen,
  Bug,
  Code,
  Container,
  Copy,
  CopyPlus,
  Ellipsis,
  FileOutput,
  Hammer,
  LayoutTemplate,
  Pencil,
  Play,
  Plus,
  RotateCw,
  Square,
  Tag,
  Trash2,
  X,
} from 'lucide-react'
import type { Capability } from '../../../shared/place-capabilities'
import type { Workspace } from '../../../shared/workspace'
import { openDialog, openNewFromTemplate } from '../../store/dialogs'
import { useHasSeveralEngines, useIsHeld, useOperation } from '../../store/store'
import { Button, IconButton } from '../../ui/button'
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu'
import { Truncated } from '../../ui/truncated'
import { cancelOperation } from '../../workspace-model/operations/cancel-operation'
import { OperationProgress } from '../../workspace-model/operations/operation-progress'
import { cloneAtOnce, makeTemplate, unsetTemplate } from '../../workspace-model/workspaces/copy-actions'
import { isBusy, statusWord } from '../../workspace-model/workspaces/describe-workspace'
import { openDevcontainer, rebuildDevcontainer, stopDevcontainer } from '../../workspace-model/workspaces/devcontainer-actions'
import { copySshCommand, openInEditor } from '../../workspace-model/workspaces/ssh-actions'
import { restartWorkspace, startWorkspace, stopWorkspace, stopWorkspaceNow } from '../../workspace-model/workspaces/workspace-actions'
import { WorkspaceMark } from '../../workspace-model/workspaces/workspace-mark'

export function WorkspaceHeader({ workspace }: { workspace: Workspace }) {
  const operation = useOperation(workspace.operationId)
  const isHeld = useIsHeld(workspace.id)
  return (
    <header className="flex h-12 shrink-0 items-center gap-3 px-5 max-sm:px-3">
      <div className="flex min-w-0 flex-1 items-baseline gap-2">
        <h1 className="min-w-0 font-semibold text-lg">
          <Truncated text={workspace.name} />
        </h1>
        {workspace.host !== null && (
          <span
            className="shrink-0 rounded-sm border border-line px-1.5 text-ink-muted text-sm"
            title="A folder on your machine: not isolated"
          >
            host
          </span>
        )}
        {workspace.label !== null && <Truncated text={workspace.label} className="shrink-[4] text-ink-muted max-sm:hidden" />}
      </div>
      <div role="status" className="flex shrink-0 items-center gap-1.5 text-ink-muted">
        <WorkspaceMark workspace={workspace} />
        <span className="max-sm:sr-only">{statusWord(workspace, operation, isHeld)}</span>
        {operation && (
          <span className="tabular-nums">
            <OperationProgress operation={operation} />
          </span>
        )}
      </div>
      <div className="flex shrink-0 items-center gap-1">
        <PrimaryAction workspace={workspace} />
        {!workspace.template && (
          <Button
            icon={CopyPlus}
            disabled={isBusy(workspace)}
            title="Alt-click clones at once, under the next free name"
            onClick={({ altKey }) => (altKey ? cloneAtOnce(workspace) : openDialog({ kind: 'clone-workspace', workspaceId: workspace.id }))}
          >
            <span className="max-[900px]:sr-only">Clone</span>
          </Button>
        )}
        <MoreActions workspace={workspace} />
      </div>
    </header>
  )
}

/** One place, one width, whatever the state: it does not jump under the pointer. */
function PrimaryAction({ workspace }: { workspace: Workspace }) {
  const operation = useOperation(workspace.operationId)
  const isHeld = useIsHeld(workspace.id)
  const width = 'w-21'
  if (workspace.status === 'stopping') {
    return (
      <Button icon={Square} className="w-26" onClick={() => stopWorkspaceNow(workspace)}>
        Stop now
      </Button>
    )
  }
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
  if (workspace.template && !workspace.running) {
    return (
      <Button icon={Plus} variant="primary" onClick={() => openNewFromTemplate(workspace.id)}>
        New from template
      </Button>
    )
  }
  if (workspace.running) {
    return (
      <Button icon={Square} className={width} disabled={isHeld} onClick={() => stopWorkspace(workspace)}>
        Stop
      </Button>
    )
  }
  const hasFailed = workspace.status === 'error'
  return (
    <Button
      icon={hasFailed ? RotateCw : Play}
      variant="primary"
      className={width}
      disabled={isHeld}
      onClick={() => startWorkspace(workspace)}
    >
      {hasFailed ? 'Retry' : 'Start'}
    </Button>
  )
}

function MoreActions({ workspace }: { workspace: Workspace }) {
  const hasPort = workspace.ports.ssh !== null
  const can = (capability: Capability) => workspace.unavailable[capability] === undefined
  const isChanging = isBusy(workspace)
  const isHeld = useIsHeld(workspace.id)
  const hasSeveralEngines = useHasSeveralEngines()
  const busy = isChanging || isHeld
  const open = (
    kind:
      | 'clone-workspace'
      | 'relocate-workspace'
      | 'rename-workspace'
      | 'label-workspace'
      | 'export-workspace'
      | 'rebuild-workspace'
      | 'save-template'
      | 'debug-workspace'
      | 'delete-workspace',
  ) => openDialog({ kind, workspaceId: workspace.id })
  return (
    <Menu trigger={<IconButton icon={Ellipsis} label="More actions" />}>
      <MenuItem icon={CopyPlus} disabled={isChanging} onSelect={() => open('clone-workspace')}>
        Clone…
      </MenuItem>
      {can('container') && hasSeveralEngines && (
        <MenuItem icon={ArrowRightLeft} disabled={busy} onSelect={() => open('relocate-workspace')}>
          Move to another engine…
        </MenuItem>
      )}
      {can('export') && (
        <MenuItem icon={FileOutput} disabled={busy} onSelect={() => open('export-workspace')}>
          Export…
        </MenuItem>
      )}
      <MenuItem icon={Pencil} disabled={busy} onSelect={() => open('rename-workspace')}>
        Rename…
      </MenuItem>
      <MenuItem icon={Tag} onSelect={() => open('label-workspace')}>
        Set label…
      </MenuItem>
      {!can('templates') ? null : workspace.template ? (
        <MenuItem icon={LayoutTemplate} disabled={busy} onSelect={() => unsetTemplate(workspace)}>
          Unset template
        </MenuItem>
      ) : (
        <MenuItem icon={LayoutTemplate} disabled={busy} onSelect={() => makeTemplate(workspace)}>
          Make template
        </MenuItem>
      )}
      <MenuItem icon={BookOpen} onSelect={() => open('save-template')}>
        Save as template of the library…
      </MenuItem>
      <MenuSeparator />
      <MenuItem icon={RotateCw} disabled={busy || !workspace.running} onSelect={() => restartWorkspace(workspace)}>
        Restart
      </MenuItem>
      {can('rebuild') && (
        <MenuItem icon={Hammer} disabled={busy} onSelect={() => open('rebuild-workspace')}>
          Rebuild…
        </MenuItem>
      )}
      {can('container') && <DevcontainerItems workspace={workspace} disabled={busy || !workspace.running} />}
      {can('ssh') && (
        <MenuItem icon={Copy} disabled={!hasPort} onSelect={() => void copySshCommand(workspace)}>
          Copy ssh command
        </MenuItem>
      )}
      <MenuItem icon={Code} disabled={!hasPort && workspace.host === null} onSelect={() => openInEditor(workspace, 'vscode')}>
        Open in VS Code
      </MenuItem>
      {can('container') && (
        <MenuItem icon={Bug} onSelect={() => open('debug-workspace')}>
          Debug report…
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem icon={Trash2} danger disabled={busy} onSelect={() => open('delete-workspace')}>
        Delete…
      </MenuItem>
    </Menu>
  )
}

function DevcontainerItems({ workspace, disabled }: { workspace: Workspace; disabled: boolean }) {
  const { state, container } = workspace.devcontainerState
  if (state === 'none') return null
  return (
    <>
      {state !== 'running' && (
        <MenuItem icon={Container} disabled={disabled} onSelect={() => openDevcontainer(workspace)}>
          Open in dev container
        </MenuItem>
      )}
      {container !== null && (
        <MenuItem icon={Container} disabled={disabled} onSelect={() => rebuildDevcontainer(workspace)}>
          Rebuild dev container
        </MenuItem>
      )}
      {state === 'running' && (
        <MenuItem icon={Container} disabled={disabled} onSelect={() => stopDevcontainer(workspace)}>
          Stop dev container
        </MenuItem>
      )}
    </>
  )
}
