import type { BerthEvent } from '../../../shared/contract/events'
import type { Settings } from '../../../shared/contract/settings'
import type { Progress } from '../../../shared/operation'
import type { StorageDriverName } from '../../../shared/storage-driver-name'
import type { ContainerFile } from '../../engine/containers'
import type { Engine } from '../../engine/engine'
import type { PortAllocator } from '../../ports/port-allocator'
import type { Records } from '../../settings/records'
import type { StorageDriver } from '../../storage/drivers/storage-driver'
import type { VolumeTransfer } from '../../storage/drivers/volume-transfer'
import type { FreeSpace } from '../../storage/free-space'
import type { ForeignWorkspaces } from './foreign-workspaces'
import type { Freezer } from './freezer'
import type { Registry } from './registry'

/** What the images room does for the lifecycle. */
export interface ImageSource {
  /** Makes sure the image is on the engine; null for Berth's own. Returns the reference to create containers from. */
  ensure(
    reference: string | null,
    options: { signal: AbortSignal; onProgress(progress: Progress | null, detail: string): void },
  ): Promise<{ reference: string }>
}

/** What every step of a workspace's life works with. */
export interface LifecycleServices {
  engine: Engine
  /** As `EngineSync.ready`. */
  ready: () => Promise<void>
  /** Put on all that is made, so that it is known as this Berth's. */
  installationId: string
  /** The driver of that name, and the one for new workspaces. */
  storage: (name: StorageDriverName) => StorageDriver
  newStorage: () => StorageDriverName
  /** From one driver to the other. */
  transfer: VolumeTransfer
  freeSpace: FreeSpace
  freezer: Freezer
  /** To every open door. */
  emit: (event: BerthEvent) => void
  records: Records
  foreignWorkspaces: ForeignWorkspaces
  registry: Registry
  ports: PortAllocator
  images: ImageSource
  settings: () => Settings
  /** The content of authorized_keys as it is to be now. */
  authorizedKeys: () => Promise<string>
  /** Has the ssh host keys of a workspace that runs known to ssh. */
  pinHostKeys: (workspaceId: string, containerId: string) => Promise<void>
  /** What a container of an image that is not Berth's is given. */
  adoptionFiles: () => Promise<ContainerFile[]>
  now: () => Date
}
