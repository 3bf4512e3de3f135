import { useCallback } from 'react'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { ReportDialog } from '../../workspace-model/problems/report-dialog'

/** All that Berth knows of a workspace, to be sent with a report of a fault. */
export function DebugDialog({ workspace: { id, name }, onClose }: { workspace: Workspace; onClose(): void }) {
  const load = useCallback(async () => {
    const report = await client.debug.report({ workspace: id })
    return { text: `${JSON.stringify(report, null, 2)}\n`, missing: report.missing.map(({ part, reason }) => `Without ${part}: ${reason}`) }
  }, [id])
  return (
    <ReportDialog
      title={`Debug report of ${name}`}
      description="State, logs and settings in one document, for a bug report. Known secrets are masked, but review it before you share it."
      file={{ name: `berth-debug-${name}.json`, type: 'application/json' }}
      {...{ load, onClose }}
    />
  )
}
