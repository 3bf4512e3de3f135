import { Play, Plus, Square, SquareTerminal, X } from 'lucide-react'
import { memo } from 'react'
import { Link } from 'wouter'
import { operationTitle } from '../../../shared/describe-operation'
import type { Operation } from '../../../shared/operation'
import type { Workspace } from '../../../shared/workspace'
import { go, routes } from '../../routes'
import { openNewFromTemplate } from '../../store/dialogs'
import { useIsHeld, useOperation, useWorkspace } from '../../store/store'
import { IconButton } from '../../ui/button'
import { classNames } from '../../ui/class-names'
import { ForeignText } from '../../ui/foreign-text'
import { Truncated } from '../../ui/truncated'
import { cancelOperation } from '../../workspace-model/operations/cancel-operation'
import { OperationProgress } from '../../workspace-model/operations/operation-progress'
import { isBusy, statusWord } from '../../workspace-model/workspaces/describe-workspace'
import { startWorkspace, stopWorkspace } from '../../workspace-model/workspaces/workspace-actions'
import { WorkspaceMark } from '../../workspace-model/workspaces/workspace-mark'

interface WorkspaceRowProps {
  id: string
  isCurrent: boolean
  /** The one row that Tab reaches; arrow keys move it. */
  isTabStop: boolean
  /** The name of its engine at the end. */
  showsEngine: boolean
  onFocus(id: string): void
}

/** Renders again only when its own workspace or operation changes. */
export const WorkspaceRow = memo(function WorkspaceRow({ id, isCurrent, isTabStop, showsEngine, onFocus }: WorkspaceRowProps) {
  const workspace = useWorkspace(id)
  const operation = useOperation(workspace?.operationId ?? null)
  const isHeld = useIsHeld(id)
  if (workspace === undefined) return null
  const { name, label } = workspace
  const busy = isBusy(workspace)
  /** Where it lives, as far as that is not what is usual. */
  const where = workspace.host !== null ? 'host' : showsEngine ? workspace.engine : null
  const isNamedByText = busy || (where !== null && label !== null)
  return (
    <div
      className={classNames(
        'group relative mx-2 flex h-7 items-center rounded-md hover:bg-hover has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-accent',
        isCurrent && 'bg-selected hover:bg-selected',
      )}
    >
      <Link
        href={routes.workspace(name)}
        data-workspace-id={id}
        tabIndex={isTabStop ? 0 : -1}
        aria-current={isCurrent ? 'page' : undefined}
        // While busy its progress is part of its name, and that is all in its text. So is a label that may have no room beside the engine.
        aria-label={
          isNamedByText
            ? undefined
            : `${label === null ? name : `${name} ${label}`}${where === null ? '' : ` ${where}`}, ${statusWord(workspace, operation, isHeld)}`
        }
        onFocus={() => onFocus(id)}
        className="flex h-full min-w-0 flex-1 items-center gap-2 rounded-md px-2 outline-none"
      >
        <WorkspaceMark workspace={workspace} />
        <Truncated text={label === null ? name : `${name} · ${label}`}>
          <span className={classNames(workspace.status === 'stopped' && !isCurrent ? 'text-ink-muted' : 'text-ink')}>{name}</span>
          {/* A space, not a margin: the two are also read one after the other. */}
          {label !== null && (
            <span className="ml-0.5 text-ink-faint text-sm">
              {' '}
              <ForeignText text={label} />
            </span>
          )}
        </Truncated>
        {where !== null && !busy && !isHeld && (
          <>
            {/* A space: it is read behind the name. */}{' '}
            <span className="ml-auto max-w-[40%] shrink-0 truncate pl-1 text-ink-faint text-sm group-hover:hidden">{where}</span>
          </>
        )}
        {isHeld && !busy && <span className="ml-auto shrink-0 pl-1 text-ink-muted text-sm group-hover:hidden">being cloned</span>}
        {isNamedByText && <span className="sr-only">{statusWord(workspace, operation, isHeld && !busy)}</span>}
        {busy && (
          <span className="ml-auto shrink-0 pl-1 text-ink-muted text-sm tabular-nums group-hover:hidden">
            {operation ? <OperationProgress operation={operation} fallback={statusWord(workspace, operation)} /> : statusWord(workspace)}
          </span>
        )}
      </Link>
      <div className="hidden shrink-0 items-center pr-0.5 group-focus-within:flex group-hover:flex">
        <RowActions workspace={workspace} operation={operation} isHeld={isHeld} />
      </div>
    </div>
  )
})

/** What is likeliest to be wanted, shown while the pointer or the focus is on the row. */
function RowActions({ workspace, operation, isHeld }: { workspace: Workspace; operation: Operation | undefined; isHeld: boolean }) {
  const { id, name } = workspace
  const common = { tabIndex: -1, size: 'small' } as const
  if (isBusy(workspace)) {
    if (operation === undefined || !operation.cancellable) return null
    return <IconButton {...common} icon={X} label={`Cancel: ${operationTitle(operation)}`} onClick={() => cancelOperation(operation.id)} />
  }
  if (workspace.running) {
    return (
      <>
        {!isHeld && <IconButton {...common} icon={Square} label={`Stop ${name}`} onClick={() => stopWorkspace(workspace)} />}
        <IconButton
          {...common}
          icon={SquareTerminal}
          label={`Terminal of ${name}`}
          onClick={() => go(routes.workspace(name, 'terminal'))}
        />
      </>
    )
  }
  return workspace.template ? (
    <IconButton {...common} icon={Plus} label={`New workspace from ${name}`} onClick={() => openNewFromTemplate(id)} />
  ) : isHeld ? null : (
    <IconButton {...common} icon={Play} label={`Start ${name}`} onClick={() => startWorkspace(workspace)} />
  )
}
