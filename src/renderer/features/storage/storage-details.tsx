import { Link } from 'wouter'
import { formatBytes } from '../../../shared/byte-size'
import type { Workspace } from '../../../shared/workspace'
import { routes } from '../../routes'
import { useEngineByReference } from '../../store/store'
import { Detail } from '../../ui/details'
import { useStorageUsage } from '../../workspace-model/storage/storage-state'
import { measuredBytes } from './storage-parts'

/** How much data there is as far as it was measured, how much there may be, and what is nearly full: rows among the details of a workspace. */
export function StorageDetails({ workspace }: { workspace: Workspace }) {
  const { diskBytes } = workspace.limits
  const engine = useEngineByReference(workspace.engine)
  const usage = useStorageUsage(engine?.id).usage?.workspaces.find(({ workspaceId }) => workspaceId === workspace.id)
  return (
    <>
      <Detail name="Disk">
        {usage !== undefined && <span className="tabular-nums">{formatBytes(measuredBytes(usage))},</span>}
        <span className={diskBytes === null ? 'text-ink-faint' : 'tabular-nums'}>
          {diskBytes === null ? 'no limit' : `limit ${formatBytes(diskBytes)}, ${workspace.storage === 'btrfs' ? 'enforced' : 'measured'}`}
        </span>
        <Link
          href={routes.workspace(workspace.name, 'settings')}
          aria-label={diskBytes === null ? 'Set disk limit' : 'Change disk limit'}
          className="ml-1 rounded-sm text-accent hover:underline"
        >
          {diskBytes === null ? 'Set' : 'Change'}
        </Link>
      </Detail>
      {workspace.storageWarning !== null && (
        <Detail name="Warning">
          <span className="min-w-0 py-1 text-warn">
            {workspace.storageWarning}{' '}
            <Link href={routes.storage} className="rounded-sm text-accent hover:underline">
              Show storage
            </Link>
          </span>
        </Detail>
      )}
    </>
  )
}
