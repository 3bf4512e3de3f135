import { Play, RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import type { TerminalSession } from '../../../../shared/contract/terminals'
import type { Workspace } from '../../../../shared/workspace'
import { Button } from '../../../ui/button'
import { startWorkspace } from '../../../workspace-model/workspaces/workspace-actions'

interface SessionNoticeProps {
  session: TerminalSession
  workspace: Workspace
  /** The core does not know the session any more. */
  isGone: boolean
  onRestart(): void
  onClose(): void
}

/** Below the screen of a session in which nothing runs: why, and what can be done. */
export function SessionNotice({ session, workspace, isGone, onRestart, onClose }: SessionNoticeProps) {
  if (isGone) {
    return (
      <Bar text="This session is gone.">
        <CloseButton onClose={onClose} />
      </Bar>
    )
  }
  switch (session.status) {
    case 'running':
      return null
    case 'waiting':
      return (
        <Bar text={session.statusDetail ?? `${workspace.name} is not running. The session begins anew when it does.`}>
          <StartButton workspace={workspace} />
          <CloseButton onClose={onClose} />
        </Bar>
      )
    case 'ended':
      return (
        <Bar text={endInWords(session)}>
          {workspace.running ? (
            <Button size="small" icon={RotateCw} onClick={onRestart}>
              Restart
            </Button>
          ) : (
            <StartButton workspace={workspace} />
          )}
          <CloseButton onClose={onClose} />
        </Bar>
      )
    default:
      return session.status satisfies never
  }
}

function Bar({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className="flex items-center gap-2 border-line border-t bg-sunken px-3 py-1.5">
      <p role="status" className="min-w-0 flex-1 truncate text-ink-muted" title={text}>
        {text}
      </p>
      {children}
    </div>
  )
}

function StartButton({ workspace }: { workspace: Workspace }) {
  const canStart = (workspace.status === 'stopped' && !workspace.template) || (workspace.status === 'error' && !workspace.running)
  return canStart ? (
    <Button size="small" icon={Play} onClick={() => startWorkspace(workspace)}>
      Start {workspace.name}
    </Button>
  ) : null
}

function CloseButton({ onClose }: { onClose(): void }) {
  return (
    <Button size="small" variant="ghost" onClick={onClose}>
      Close
    </Button>
  )
}

function endInWords({ exitCode, statusDetail }: TerminalSession): string {
  const end = exitCode === null || exitCode === 0 ? 'The session has ended.' : `The session has ended with code ${exitCode}.`
  return statusDetail === null ? end : `${end} ${statusDetail}`
}
