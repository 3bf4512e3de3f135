import { client } from '../client'
import { ReportDialog } from '../workspace-model/problems/report-dialog'

const load = async () => ({ text: (await client.system.report()).report })

/** What is to be sent with a report of a problem that is not one workspace's alone. */
export function ProblemReportDialog({ onClose }: { onClose(): void }) {
  return (
    <ReportDialog
      title="Report a problem"
      description="Describe what happened, then attach this report: versions, engines, settings and the end of Berth’s log. Known secrets are masked, but review it before you share it."
      file={{ name: 'berth-report.md', type: 'text/markdown' }}
      {...{ load, onClose }}
    />
  )
}
