import { Play, Square, SquareTerminal } from 'lucide-react'
import { memo } from 'react'
import { Link } from 'wouter'
import { go, routes } from '../../routes'
import { useOperation, useWorkspace } from '../../store/store'
import { IconButton } from '../../ui/button'
import { classNames } from '../../ui/class-names'
import { Truncated } from '../../ui/truncated'
import { shortProgress } from '../operations/describe-operation'
import { isBusy, statusWord } from '../workspaces/describe-workspace'
import { startWorkspace, stopWorkspace } from '../workspaces/workspace-actions'
import { WorkspaceDot } from '../workspaces/workspace-dot'

interface WorkspaceRowProps {
  id: string
  isCurrent: boolean
  /** The one row that Tab reaches; arrow keys move it. */
  isTabStop: boolean
  onFocus(id: string): void
}

/** Renders again only when its own workspace or operation changes. */
export const WorkspaceRow = memo(function WorkspaceRow({ id, isCurrent, isTabStop, onFocus }: WorkspaceRowProps) {
  const workspace = useWorkspace(id)
  const operation = useOperation(workspace?.operationId ?? null)
  if (workspace === undefined) return null
  const { name, label } = workspace
  const busy = isBusy(workspace)
  const running = workspace.status === 'running'
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
        aria-label={`${label === null ? name : `${name} ${label}`}, ${statusWord(workspace)}`}
        onFocus={() => onFocus(id)}
        className="flex h-full min-w-0 flex-1 items-center gap-2 rounded-md px-2 outline-none"
      >
        <WorkspaceDot workspace={workspace} />
        <Truncated text={label === null ? name : `${name} · ${label}`}>
          <span className={classNames(workspace.status === 'stopped' && !isCurrent ? 'text-ink-muted' : 'text-ink')}>{name}</span>
          {label !== null && <span className="ml-0.5 text-ink-faint text-sm"> {label}</span>}
        </Truncated>
        {busy && (
          <span className="ml-auto shrink-0 pl-1 text-ink-muted text-sm tabular-nums group-hover:hidden">
            {(operation && shortProgress(operation)) ?? statusWord(workspace)}
          </span>
        )}
      </Link>
      <div className="hidden shrink-0 items-center pr-0.5 group-focus-within:flex group-hover:flex">
        {!busy &&
          (running ? (
            <IconButton tabIndex={-1} size="small" icon={Square} label={`Stop ${name}`} onClick={() => stopWorkspace(workspace)} />
          ) : (
            <IconButton tabIndex={-1} size="small" icon={Play} label={`Start ${name}`} onClick={() => startWorkspace(workspace)} />
          ))}
        {running && (
          <IconButton
            tabIndex={-1}
            size="small"
            icon={SquareTerminal}
            label={`Terminal of ${name}`}
            onClick={() => go(routes.workspace(name, 'terminal'))}
          />
        )}
      </div>
    </div>
  )
})
