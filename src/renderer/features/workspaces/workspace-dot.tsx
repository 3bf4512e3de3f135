import type { Workspace } from '../../../shared/workspace'
import { useStore } from '../../store/store'
import { classNames } from '../../ui/class-names'
import { StatusDot } from '../../ui/status-dot'
import { dotState } from './describe-workspace'

/** The state of a workspace. Dimmed while no engine answers: it is only what was last known then. */
export function WorkspaceDot({ workspace, className }: { workspace: Workspace; className?: string }) {
  const isCertain = useStore(({ engine }) => engine?.status === 'connected')
  return <StatusDot state={dotState(workspace)} className={classNames(className, !isCertain && 'opacity-50')} />
}
