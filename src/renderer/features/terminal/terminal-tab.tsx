import { SquareTerminal } from 'lucide-react'
import type { Workspace } from '../../../shared/workspace'
import { useStore, useTerminals } from '../../store/store'
import { NotRunning } from '../../workspace-model/workspaces/not-running'
import { Sessions } from './sessions'

/** The Terminal tab of a workspace: its sessions, the first of which opens by itself. They stay in sight while it is stopped. */
export function TerminalTab({ workspace }: { workspace: Workspace }) {
  const loaded = useStore((state) => state.loaded)
  const hasSessions = useTerminals(workspace.id).some(({ tty }) => tty)
  if (!workspace.running && !hasSessions) {
    return (
      <div className="flex h-full min-h-0">
        <NotRunning workspace={workspace} icon={SquareTerminal} purpose="Start the workspace to open a terminal." />
      </div>
    )
  }
  return loaded ? <Sessions key={workspace.id} workspace={workspace} /> : null
}
