import { Link } from 'wouter'
import type { DevcontainerState } from '../../../shared/devcontainer'
import type { Workspace } from '../../../shared/workspace'
import { routes } from '../../routes'
import { Button } from '../../ui/button'
import { CopyableValue, Detail } from '../../ui/details'
import { isBusy } from '../../workspace-model/workspaces/describe-workspace'
import { openDevcontainer, rebuildDevcontainer, stopDevcontainer } from '../../workspace-model/workspaces/devcontainer-actions'

const WORDS: Record<DevcontainerState['state'], string> = {
  none: 'none',
  found: 'not opened',
  building: 'being opened',
  running: 'running',
  failed: 'did not come up',
  stopped: 'stopped',
}

/** The dev container of a workspace, where its repository has one. */
export function DevcontainerDetail({ workspace }: { workspace: Workspace }) {
  const { name, running, devcontainerState } = workspace
  const { state, path, container, changed } = devcontainerState
  if (state === 'none') return null
  const isUnavailable = isBusy(workspace) || !running
  return (
    <Detail name="Dev container">
      <div className="min-w-0 flex-1">
        <div className="flex min-h-7 items-center gap-1">
          <CopyableValue value={container?.name ?? path ?? ''} label="Copy dev container" />
        </div>
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1 pb-1 text-ink-muted text-sm">
          <span>
            {WORDS[state]}
            {container !== null && `, as ${container.user}`}
          </span>
          {changed && <span className="text-warn">changed since it was built</span>}
          {state !== 'running' && state !== 'building' && (
            <Button size="small" disabled={isUnavailable} onClick={() => openDevcontainer(workspace)}>
              Open
            </Button>
          )}
          {container !== null && state !== 'building' && (
            <Button size="small" disabled={isUnavailable} onClick={() => rebuildDevcontainer(workspace)}>
              Rebuild
            </Button>
          )}
          {state === 'running' && (
            <Button size="small" disabled={isUnavailable} onClick={() => stopDevcontainer(workspace)}>
              Stop
            </Button>
          )}
          {(state === 'building' || state === 'failed') && (
            <Link href={routes.workspace(name, 'logs')} className="rounded-sm text-accent hover:underline">
              Build log
            </Link>
          )}
        </div>
      </div>
    </Detail>
  )
}
