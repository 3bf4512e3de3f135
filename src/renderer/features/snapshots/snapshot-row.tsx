import { CopyPlus, Ellipsis, Trash2 } from 'lucide-react'
import { formatBytes } from '../../../shared/byte-size'
import type { Snapshot } from '../../../shared/snapshot'
import { type OpenDialog, openDialog } from '../../store/dialogs'
import { Button, IconButton } from '../../ui/button'
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu'
import { Skeleton } from '../../ui/skeleton'
import { Time } from '../../ui/time'
import { Tooltip } from '../../ui/tooltip'
import { Truncated } from '../../ui/truncated'
import { useSnapshotSize } from './snapshot-sizes'

interface SnapshotRowProps {
  snapshot: Snapshot
  isMeasuring: boolean
  /** The workspace is being changed: nothing can be done with it now. */
  isBusy: boolean
  /** It is being copied: it stays as it is meanwhile. */
  isHeld: boolean
}

export function SnapshotRow({ snapshot, isMeasuring, isBusy, isHeld }: SnapshotRowProps) {
  const { id, workspaceId, name, automatic, createdAt, missing } = snapshot
  const open = (kind: Extract<OpenDialog, { snapshotId: string }>['kind']) => openDialog({ kind, workspaceId, snapshotId: id })
  return (
    <tr className="group border-line border-b hover:bg-hover">
      <th scope="row" className="h-9 max-w-0 pl-2 text-left font-normal">
        <span className="flex min-w-0 items-center gap-2">
          <Truncated text={name} className="font-mono text-sm" />
          {automatic && (
            <Tooltip text="Taken before a restore. The oldest ones are removed automatically.">
              <span className="shrink-0 rounded-sm border border-line-strong px-1 text-ink-muted text-xs">automatic</span>
            </Tooltip>
          )}
          {missing.length > 0 && (
            <Tooltip text={`Removed outside Berth: ${missing.join(', ')}. It cannot be restored as it was; see Storage → Check.`}>
              <span className="shrink-0 rounded-sm border border-warn-line bg-warn-soft px-1 text-warn text-xs">incomplete</span>
            </Tooltip>
          )}
        </span>
      </th>
      <td className="pl-4 text-ink-muted">
        <Time value={createdAt} />
      </td>
      <SizeCells snapshotId={id} isMeasuring={isMeasuring} />
      <td className="pr-1 pl-3">
        <span className="flex items-center justify-end gap-0.5">
          <Button size="small" disabled={isHeld} onClick={() => open('restore-snapshot')} aria-label={`Restore ${name}`}>
            Restore
          </Button>
          <Menu trigger={<IconButton size="small" icon={Ellipsis} label={`More actions on ${name}`} />}>
            <MenuItem icon={CopyPlus} disabled={isBusy} onSelect={() => open('restore-snapshot-as')}>
              Restore as new workspace…
            </MenuItem>
            <MenuSeparator />
            <MenuItem icon={Trash2} danger disabled={isHeld} onSelect={() => open('delete-snapshot')}>
              Delete…
            </MenuItem>
          </Menu>
        </span>
      </td>
    </tr>
  )
}

/** All of it, and what a deletion would free: the rest is shared with others. */
function SizeCells({ snapshotId, isMeasuring }: { snapshotId: string; isMeasuring: boolean }) {
  const size = useSnapshotSize(snapshotId)
  const shown = (bytes: number | null | undefined) => {
    if (bytes != null) return formatBytes(bytes)
    if (isMeasuring) return <Skeleton className="ml-auto h-3 w-12" />
    return size === undefined ? null : <span className="text-ink-faint">unknown</span>
  }
  return (
    <>
      <td className="pl-4 text-right text-ink-muted tabular-nums">{shown(size?.bytes)}</td>
      <td className="@max-xl:hidden pl-4 text-right text-ink-muted tabular-nums">{shown(size?.exclusiveBytes)}</td>
    </>
  )
}
