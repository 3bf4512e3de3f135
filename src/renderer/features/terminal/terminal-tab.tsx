import { SquareTerminal } from 'lucide-react'
import type { Workspace } from '../../../shared/workspace'
import { useStore } from '../../store/store'
import { NotRunning } from './not-running'
import { Sessions } from './sessions'

/** The Terminal tab of a workspace: its sessions, the first of which opens by itself. */
export function TerminalTab({ workspace }: { workspace: Workspace }) {
  const loaded = useStore((state) => state.loaded)
  if (workspace.status !== 'running') {
    return (
      <div className="flex h-full min-h-0">
        <NotRunning workspace={workspace} icon={SquareTerminal} purpose="A terminal opens here when it runs." />
      </div>
    )
  }
  return loaded ? <Sessions key={workspace.id} workspace={workspace} /> : null
}
