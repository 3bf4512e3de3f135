import { sizeText } from '../../../shared/byte-size'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { TextDialog } from '../../ui/text-dialog'
import { reportError } from '../../workspace-model/problems/run-suggested-action'
import { checkDiskLimit } from '../../workspace-model/storage/check-size'
import { AT_DISK_LIMIT } from '../../workspace-model/storage/storage-places'
import { measureStorageAgain } from '../../workspace-model/storage/storage-state'

export function LimitDialog({ workspace, onClose }: { workspace: Workspace; onClose(): void }) {
  const { diskBytes } = workspace.limits
  return (
    <TextDialog
      title={`Disk limit of ${workspace.name}`}
      description={AT_DISK_LIMIT[workspace.storage ?? 'plain']}
      label="Limit"
      hint="Such as 20 GiB. Leave empty for no limit"
      initial={diskBytes === null ? '' : sizeText(diskBytes)}
      check={(text) => {
        const checked = checkDiskLimit(text)
        return checked.ok ? null : checked.problem
      }}
      action="Save"
      onSubmit={(text) => {
        const checked = checkDiskLimit(text)
        if (checked.ok && checked.value !== diskBytes) void setLimit(workspace, checked.value)
      }}
      onClose={onClose}
    />
  )
}

async function setLimit(workspace: Workspace, diskBytes: number | null): Promise<void> {
  try {
    await client.workspaces.update({ workspace: workspace.id, limits: { diskBytes } })
    measureStorageAgain(workspace.engine)
  } catch (error) {
    reportError(error, () => void setLimit(workspace, diskBytes))
  }
}
