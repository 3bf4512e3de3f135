import { Clock } from 'lucide-react'
import type { Workspace } from '../../../shared/workspace'
import { Button } from '../../ui/button'
import { Time } from '../../ui/time'
import { keepRunning } from '../../workspace-model/workspaces/workspace-actions'

/** Announces that an idle workspace will be stopped. */
export function IdleStopLine({ workspace }: { workspace: Pick<Workspace, 'id' | 'idleStopAt'> }) {
  const { idleStopAt } = workspace
  return (
    <div role="status" aria-label="Announced stop">
      {idleStopAt !== null && (
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 bg-sunken px-5 py-1.5 text-ink-muted max-sm:px-3">
          <Clock aria-hidden className="size-4 shrink-0" />
          <span>
            Stops at <Time value={idleStopAt} as="clock" /> because nothing is running.
          </span>
          <Button size="small" onClick={() => keepRunning(workspace)}>
            Keep running
          </Button>
        </p>
      )}
    </div>
  )
}
