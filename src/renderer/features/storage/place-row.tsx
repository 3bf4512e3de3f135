import { Link } from 'wouter'
import { formatBytes } from '../../../shared/byte-size'
import type { StorageInfo } from '../../../shared/contract/storage'
import { hasEnded } from '../../../shared/operation-state'
import type { Workspace } from '../../../shared/workspace'
import { routes } from '../../routes'
import { openDialog } from '../../store/dialogs'
import { useEngineByReference, useIsHeld, useOperation } from '../../store/store'
import { Button } from '../../ui/button'
import { Skeleton } from '../../ui/skeleton'
import { OperationCard } from '../../workspace-model/operations/operation-card'
import { presentError } from '../../workspace-model/problems/present-problem'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { SettingRow } from '../../workspace-model/settings/setting-row'
import { PLACES } from '../../workspace-model/storage/storage-places'
import { loadStorageInfo, useStorageInfo } from '../../workspace-model/storage/storage-state'
import { isBusy } from '../../workspace-model/workspaces/describe-workspace'

/** Where its data is, the way to the other place, and how it goes while it is moved. */
export function PlaceRow({ workspace }: { workspace: Workspace }) {
  const operation = useOperation(workspace.operationId)
  const engine = useEngineByReference(workspace.engine)
  const { info, infoFailure } = useStorageInfo(engine?.id)
  return (
    <>
      <SettingRow
        title="Place of its data"
        description="On the pool, clones and snapshots are instant, shared data is stored once and the disk limit is enforced."
      >
        {() => (
          <div className="flex flex-col items-start gap-2">
            <p>
              <span className="font-medium">{PLACES[workspace.storage ?? 'plain']}.</span>
              {workspace.storage === 'btrfs' && info?.pool && (
                <span className="text-ink-muted tabular-nums"> It has {formatBytes(info.pool.freeBytes)} free.</span>
              )}
            </p>
            {workspace.storage === 'btrfs' ? (
              <MoveButton workspace={workspace}>Move to plain volumes…</MoveButton>
            ) : info === null ? (
              infoFailure === null && <Skeleton className="h-7 w-34" />
            ) : (
              <WayToPool workspace={workspace} info={info} />
            )}
          </div>
        )}
      </SettingRow>
      {infoFailure !== null && engine !== undefined && (
        <ProblemPanel presentation={presentError(infoFailure)} onRetry={() => void loadStorageInfo(engine.id)} />
      )}
      {operation?.kind === 'workspace.move' && !hasEnded(operation) && <OperationCard operation={operation} heading="h3" />}
    </>
  )
}

function WayToPool({ workspace, info: { pool, obstacle } }: { workspace: Workspace; info: StorageInfo }) {
  if (pool !== null) return <MoveButton workspace={workspace}>Move to the pool…</MoveButton>
  if (obstacle !== null) return <p className="text-ink-muted">This engine cannot have a pool. {obstacle}</p>
  return (
    <p className="text-ink-muted">
      There is no pool yet.{' '}
      <Link href={`${routes.settings}/storage`} className="rounded-sm text-accent hover:underline">
        Make one in the settings
      </Link>
    </p>
  )
}

function MoveButton({ workspace, children }: { workspace: Workspace; children: string }) {
  const isHeld = useIsHeld(workspace.id)
  return (
    <Button disabled={isBusy(workspace) || isHeld} onClick={() => openDialog({ kind: 'move-workspace', workspaceId: workspace.id })}>
      {children}
    </Button>
  )
}
