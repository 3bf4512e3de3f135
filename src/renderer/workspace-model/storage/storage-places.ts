import type { Workspace } from '../../../shared/workspace'

type Place = NonNullable<Workspace['storage']>

/** Where the data of a workspace is, in words. */
export const PLACES: Record<Place, string> = { plain: 'On plain Docker volumes', btrfs: 'On the copy-on-write pool' }

/** What happens at the disk limit depends on where the volumes are. */
export const AT_DISK_LIMIT: Record<Place, string> = {
  plain:
    'For home, Docker and snapshots. On Docker’s own volumes it is measured, not enforced: there is a warning at 90 %, and copies that would exceed it are refused.',
  btrfs: 'For home, Docker and snapshots. At the limit, the disk is full for this workspace only.',
}
