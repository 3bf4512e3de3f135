import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { sizeText } from '../../ui/size-text'
import { TextDialog } from '../../ui/text-dialog'
import { reportError } from '../problems/take-step'
import { checkDiskLimit } from './check-size'
import { measureStorageAgain } from './storage-state'

/** What happens at the limit depends on where the volumes are, so that is said. */
export function LimitDialog({ workspace, onClose }: { workspace: Workspace; onClose(): void }) {
  const { diskBytes } = workspace.limits
  return (
    <TextDialog
      title={`Disk limit of ${workspace.name}`}
      description={
        workspace.storage === 'btrfs'
          ? 'For home, Docker and snapshots. At the limit, programs in it find the disk full; nobody else does.'
          : 'For home, Docker and snapshots. Its volumes are Docker’s own, so it is measured: there is a warning at 90 %, and copies that go past it are refused.'
      }
      label="Limit"
      hint="Such as 20 GB; empty for none"
      initial={diskBytes === null ? '' : sizeText(diskBytes)}
      check={(text) => {
        const checked = checkDiskLimit(text)
        return checked.ok ? null : checked.problem
      }}
      action="Save"
      onSubmit={(text) => {
        const checked = checkDiskLimit(text)
        if (checked.ok && checked.value !== diskBytes) void setLimit(workspace.id, checked.value)
      }}
      onClose={onClose}
    />
  )
}

async function setLimit(workspaceId: string, diskBytes: number | null): Promise<void> {
  try {
    await client.workspaces.update({ workspace: workspaceId, limits: { diskBytes } })
    measureStorageAgain()
  } catch (error) {
    reportError(error, () => void setLimit(workspaceId, diskBytes))
  }
}
