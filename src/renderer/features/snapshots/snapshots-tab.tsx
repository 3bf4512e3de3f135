import { Camera, Ruler } from 'lucide-react'
import { hasEnded } from '../../../shared/operation-state'
import type { Workspace } from '../../../shared/workspace'
import { useCopiesUnderWay, useOperation, useSnapshots } from '../../store/store'
import { Button } from '../../ui/button'
import { EmptyState } from '../../ui/empty-state'
import { OperationCard } from '../../workspace-model/operations/operation-card'
import { isBusy as isBeingChanged } from '../../workspace-model/workspaces/describe-workspace'
import { SnapshotRow } from './snapshot-row'
import { measureSnapshots, useIsMeasuring } from './snapshot-sizes'
import { TakeSnapshotForm } from './take-snapshot-form'

/** The states of a workspace that are kept, newest first, and what can be done with them. */
export function SnapshotsTab({ workspace }: { workspace: Workspace }) {
  const snapshots = useSnapshots(workspace.id)
  const operation = useOperation(workspace.operationId)
  const copies = useCopiesUnderWay(workspace.id)
  const isMeasuring = useIsMeasuring(workspace.id)
  const isBusy = isBeingChanged(workspace)
  const isHeld = isBusy || copies.length > 0
  const underWay = [...(operation !== undefined && !hasEnded(operation) ? [operation] : []), ...copies]
  return (
    <div className="@container flex min-h-full w-full max-w-260 flex-col gap-4 p-5">
      <div className="flex items-start gap-2">
        <TakeSnapshotForm workspace={workspace} snapshots={snapshots} isHeld={isHeld} />
        {snapshots.length > 0 && (
          <Button icon={Ruler} variant="ghost" disabled={isMeasuring} onClick={() => void measureSnapshots(workspace.id)}>
            {isMeasuring ? 'Measuring…' : 'Measure sizes'}
          </Button>
        )}
      </div>
      {underWay.map((running) => (
        <OperationCard key={running.id} operation={running} isCompact />
      ))}
      {snapshots.length === 0 ? (
        <EmptyState icon={Camera} title="No snapshots yet">
          <p>
            A snapshot keeps the whole disk state of {workspace.name}: home, Docker, and what is installed. Take one before something risky,
            and come back to it, or make another workspace of it.
          </p>
        </EmptyState>
      ) : (
        <table className="w-full border-collapse">
          <thead>
            <tr className="border-line border-b text-left [&>th]:pb-1 [&>th]:font-semibold">
              <th scope="col" className="pl-2">
                Name
              </th>
              <th scope="col" className="w-30 pl-4">
                Taken
              </th>
              <th scope="col" className="w-22 pl-4 text-right">
                Size
              </th>
              <th scope="col" className="@max-xl:hidden w-24 pl-4 text-right" title="Freed if deleted">
                Exclusive
              </th>
              <th scope="col" className="w-28">
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {snapshots.map((snapshot) => (
              <SnapshotRow key={snapshot.id} snapshot={snapshot} isMeasuring={isMeasuring} isBusy={isBusy} isHeld={isHeld} />
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}
