import { type LucideIcon, Play, Plus } from 'lucide-react'
import { isRepoProblem } from '../../../shared/repo-problem'
import type { Workspace } from '../../../shared/workspace'
import { openNewFromTemplate } from '../../store/dialogs'
import { Button } from '../../ui/button'
import { EmptyState } from '../../ui/empty-state'
import { startWorkspace } from './workspace-actions'

/** What a place that needs a running workspace says while it is not. */
export function NotRunning({ workspace, icon, purpose }: { workspace: Workspace; icon: LucideIcon; purpose: string }) {
  const { title, canStart } = inWords(workspace)
  if (workspace.template && workspace.status === 'stopped') {
    return (
      <EmptyState icon={icon} title={`${workspace.name} is a template`}>
        <p>Templates are cloned, not started.</p>
        <Button variant="primary" icon={Plus} onClick={() => openNewFromTemplate(workspace.id)}>
          New workspace from it
        </Button>
      </EmptyState>
    )
  }
  // That a repository is missing is no reason why it is not running.
  const lacksRepo = workspace.problem !== null && isRepoProblem(workspace.problem.code)
  return (
    <EmptyState icon={icon} title={title}>
      <p>{lacksRepo ? purpose : (workspace.statusDetail ?? purpose)}</p>
      {canStart && (
        <Button variant="primary" icon={Play} onClick={() => startWorkspace(workspace)}>
          {workspace.status === 'error' ? 'Try to start' : 'Start'}
        </Button>
      )}
    </EmptyState>
  )
}

function inWords({ name, status }: Workspace): { title: string; canStart: boolean } {
  switch (status) {
    case 'stopped':
      return { title: `${name} is not running`, canStart: true }
    case 'error':
      return { title: `${name} has a problem`, canStart: true }
    case 'pending':
    case 'building':
    case 'starting':
      return { title: `${name} is starting…`, canStart: false }
    case 'stopping':
      return { title: `${name} is stopping…`, canStart: false }
    case 'deleting':
      return { title: `${name} is being deleted…`, canStart: false }
    case 'running':
      return { title: `${name} is running`, canStart: false }
    default:
      return status satisfies never
  }
}
