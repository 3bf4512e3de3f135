import { Cable } from 'lucide-react'
import type { Workspace } from '../../../shared/workspace'
import { usePorts, useSettings } from '../../store/store'
import { EmptyState } from '../../ui/empty-state'
import { Skeleton } from '../../ui/skeleton'
import { Toggle } from '../../ui/toggle'
import { portRows } from '../../workspace-model/ports/port-rows'
import { updateSettings } from '../../workspace-model/settings/update-settings'
import { AddForwardForm } from './add-forward-form'
import { PortTableRow } from './port-row'

/** What listens in a workspace, and the ports of this machine that lead there. */
export function PortsTab({ workspace, isLookedAt }: { workspace: Workspace; isLookedAt: boolean }) {
  const ports = usePorts(workspace.id)
  const settings = useSettings()
  const rows = ports === undefined ? [] : portRows(ports)
  const isRunning = workspace.running
  return (
    <div className="@container flex min-h-full w-full max-w-260 flex-col gap-4 p-5">
      <div className="flex flex-wrap items-start gap-x-6 gap-y-2">
        <AddForwardForm workspace={workspace} />
        {settings !== null && (
          <div className="flex h-7 items-center gap-2 text-ink-muted">
            <Toggle
              label="Forward listening ports automatically"
              checked={settings.forwardPorts === 'auto'}
              onChange={(isOn) => void updateSettings({ forwardPorts: isOn ? 'auto' : 'ask' })}
            />
            <span aria-hidden>Forward automatically</span>
          </div>
        )}
      </div>
      {rows.length > 0 ? (
        <table className="w-full border-collapse">
          <thead>
            <tr className="border-line border-b text-left [&>th]:pb-1 [&>th]:font-semibold">
              <th scope="col" className="w-20 pl-2">
                Port
              </th>
              <th scope="col" className="pl-4">
                Program
              </th>
              <th scope="col" className="w-52 pl-4">
                On this machine
              </th>
              <th scope="col" className="w-22">
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <PortTableRow key={row.key} workspaceId={workspace.id} row={row} isRunning={isRunning} />
            ))}
          </tbody>
        </table>
      ) : isRunning && (ports === undefined || (ports.listeners === null && !isLookedAt)) ? (
        <Skeleton className="h-9" />
      ) : (
        <EmptyState icon={Cable} title={isRunning ? 'No listening ports yet' : `${workspace.name} does not run`}>
          <p>
            {isRunning
              ? ports?.listeners === null
                ? 'This image cannot show listening ports. You can still forward a port by its number.'
                : 'Start a server in the workspace, and its port appears here within a second. Ports of nested containers appear too.'
              : 'Ports appear here while it is running. A port you forward now waits for it to start.'}
          </p>
        </EmptyState>
      )}
    </div>
  )
}
