import { LayoutTemplate } from 'lucide-react'
import type { Workspace } from '../../../shared/workspace'
import { useEngineNamed } from '../../store/store'
import { classNames } from '../../ui/class-names'
import { StatusDot } from '../../ui/status-dot'
import { isQuiet } from '../engine/describe-engine'
import { dotState } from './describe-workspace'

/**
 * Its state as a dot; a template that stands still, which is all that is asked of it, as what it is. Dimmed while its engine
 * does not answer: it is only what was last known then.
 */
export function WorkspaceMark({ workspace, className }: { workspace: Workspace; className?: string }) {
  const engine = useEngineNamed(workspace.engine)
  const isEngineThere = engine?.status === 'connected' && !isQuiet(engine)
  const isCertain = isEngineThere || workspace.host !== null
  const state = dotState(workspace)
  const looks = classNames(className, !isCertain && 'opacity-50')
  if (workspace.template && state === 'stopped') {
    return <LayoutTemplate aria-hidden className={classNames('size-3 shrink-0 text-ink-muted', looks)} />
  }
  return <StatusDot state={state} className={looks} />
}
