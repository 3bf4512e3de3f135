import { Play, RotateCw } from 'lucide-react'
import type { TerminalSession } from '../../../../shared/contract/terminals'
import type { Workspace } from '../../../../shared/workspace'
import { Button } from '../../../ui/button'
import { startWorkspace } from '../../../workspace-model/workspaces/workspace-actions'
import { SessionBar } from './session-bar'

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
      <SessionBar text="This session is gone.">
        <CloseButton onClose={onClose} />
      </SessionBar>
    )
  }
  switch (session.status) {
    case 'running':
      return null
    case 'waiting':
      return (
        <SessionBar text={session.statusDetail ?? `${workspace.name} is not running. A new session starts when it is running again.`}>
          <StartButton workspace={workspace} />
          <CloseButton onClose={onClose} />
        </SessionBar>
      )
    case 'ended':
      return (
        <SessionBar text={endInWords(session)}>
          {workspace.running ? (
            <Button size="small" icon={RotateCw} onClick={onRestart}>
              Restart
            </Button>
          ) : (
            <StartButton workspace={workspace} />
          )}
          <CloseButton onClose={onClose} />
        </SessionBar>
      )
    default:
      return session.status satisfies never
  }
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
