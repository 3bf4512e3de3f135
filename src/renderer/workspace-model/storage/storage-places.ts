import type { Workspace } from '../../../shared/workspace'

type Place = NonNullable<Workspace['storage']>

/** Where the data of a workspace is, in words. */
export const PLACES: Record<Place, string> = { plain: 'On plain Docker volumes', btrfs: 'On the copy-on-write pool' }

/** What happens at the disk limit depends on where the volumes are. */
export const AT_DISK_LIMIT: Record<Place, string> = {
  plain:
    'For home, Docker and snapshots. Its volumes are Docker’s own, so it is measured: there is a warning at 90 %, and copies that go past it are refused.',
  btrfs: 'For home, Docker and snapshots. At the limit, programs in it find the disk full; nobody else does.',
}
