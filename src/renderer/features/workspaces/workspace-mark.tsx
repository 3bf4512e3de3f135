import { LayoutTemplate } from 'lucide-react'
import type { Workspace } from '../../../shared/workspace'
import { classNames } from '../../ui/class-names'
import { StatusDot } from '../../ui/status-dot'
import { dotState } from './describe-workspace'

/** Its state as a dot; a template that stands still, which is all that is asked of it, as what it is. */
export function WorkspaceMark({ workspace, className }: { workspace: Workspace; className?: string }) {
  const state = dotState(workspace)
  if (workspace.template && state === 'stopped') {
    return <LayoutTemplate aria-hidden className={classNames('size-3 shrink-0 text-ink-muted', className)} />
  }
  return <StatusDot state={state} {...(className === undefined ? {} : { className })} />
}
