import { Link } from 'wouter'
import type { Workspace } from '../../../shared/workspace'
import { routes } from '../../routes'
import { openDialog } from '../../store/dialogs'
import { Button } from '../../ui/button'
import { Detail } from '../../ui/details'
import { formatBytes } from '../../ui/format'

const PLACES: Record<Workspace['storage'], string> = { plain: 'Docker’s volumes', btrfs: 'copy-on-write pool' }

/** Where its data is, and how much there may be of it: rows among the details of a workspace. */
export function StorageDetails({ workspace }: { workspace: Workspace }) {
  const { diskBytes } = workspace.limits
  return (
    <>
      <Detail name="Storage">
        <span>{PLACES[workspace.storage]}</span>
      </Detail>
      <Detail name="Disk limit">
        <span className={diskBytes === null ? 'text-ink-faint' : 'tabular-nums'}>
          {diskBytes === null ? 'none' : `${formatBytes(diskBytes)}, ${workspace.storage === 'btrfs' ? 'enforced' : 'measured'}`}
        </span>
        <Button
          size="small"
          variant="ghost"
          aria-label={diskBytes === null ? 'Set disk limit' : 'Change disk limit'}
          onClick={() => openDialog({ kind: 'limit-workspace', workspaceId: workspace.id })}
        >
          {diskBytes === null ? 'Set' : 'Change'}
        </Button>
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
