import type { EngineState } from '../../../shared/contract/engines'
import type { BerthEvent } from '../../../shared/contract/events'
import type { Settings } from '../../../shared/contract/settings'
import type { ConnectionListener } from '../../engine/connection'
import { createEngine as connectEngine, type Engine, type EngineOptions } from '../../engine/engine'
import { addressOf, type EngineSurroundings } from '../../engine/engine-address'
import type { Turns } from '../../engine/turns'
import { createImages, type Images } from '../../images/images'
import type { Operations } from '../../operations/operations'
import type { EngineEntry } from '../../settings/engine-list'
import type { Records } from '../../settings/records'
import { createStorage, type Storage } from '../../storage/storage'
import { createContainerStops } from '../base/container-stop'
import { createEngineSync } from '../base/engine-sync'
import { createForeignWorkspaces } from '../base/foreign-workspaces'
import { createFreezer } from '../base/freezer'
import type { Place } from '../base/places'
import { recordedVolumeLabels } from '../base/recorded-volumes'
import type { Registry } from '../base/registry'
import { createWorkspaceNetwork, type WorkspaceNetwork } from '../base/workspace-network'
import { LABEL_MANAGED } from '../base/workspace-resources'
import { createKeeperContainers, type KeeperContainers } from '../protection/keeper-containers'
import { recordsIn } from './place-records'

/** A place that is an engine, with its own connection, storage, images and network. It shares nothing with other places. */
export interface EnginePlace extends Place {
  images: Images
  network: WorkspaceNetwork
  keepers: KeeperContainers
  /** The whole storage; `storage` is one of its drivers. */
  storageOfEngine: Storage
  /** Records of what lives here. */
  placeRecords: Records
  /** As `EngineSync.isPrepared`. */
  isPrepared(): boolean
  /** What the engine's connection tells. */
  listener: ConnectionListener
}

/** What is the same for all engines. */
export interface EnginePlaceSurroundings {
  installationId: string
  records: Records
  registry: Registry
  settings: { get(): Settings; update(change: Partial<Pick<Settings, 'visibleWorkspaces'>>): unknown }
  operations: Pick<Operations, 'resume'>
  looks: Turns
  /** Folder with the bundled Dockerfiles. */
  imageContextPath: string
  imageDigests: ReadonlySet<string>
  version: string
  surroundings: EngineSurroundings
  /** Tests only: an engine other than the one that is found. */
  createEngine?: ((options: EngineOptions, entry: EngineEntry) => Engine) | undefined
  /** There is no other. */
  isOnlyOne: () => boolean
  /** `isPrepared` of another of them. */
  isPrepared: (place: string) => boolean
  /** Why that daemon is not to be used as this engine, in words: it is used as another already. null to use it. */
  refusal: (id: string, daemonId: string) => string | null
  emit: (event: BerthEvent) => void
  now: () => Date
  onEngineState: (id: string, state: EngineState) => void
  /** All of this Berth's containers there are known, before anything is done with what they use. */
  onOwnContainers: (id: string) => void
  /** What runs there is known, at each connection. */
  onListed: (id: string) => void
  /** A volume or an image there is gone. */
  onVolumeOrImageRemoved: (id: string) => void
  /** A node of the Swarm that it manages has come, gone or changed. */
  onNode: () => void
  /** A keeper there is gone. */
  onKeeperRemoved: (id: string) => void
}

export function openEnginePlace(entry: () => EngineEntry, options: EnginePlaceSurroundings): EnginePlace {
  const { installationId, registry, settings, operations, emit, now, createEngine = connectEngine } = options
  const { id, name } = entry()
  const records = recordsIn(options.records, id)
  const ownEngine = createEngine(
    {
      address: () => entry().address ?? addressOf(settings.get().engineEndpoint),
      surroundings: options.surroundings,
      // Every workspace has it, this Berth's and others'.
      label: `${LABEL_MANAGED}=true`,
      engineName: () => (options.isOnlyOne() ? null : name),
      accept: ({ daemonId }) => options.refusal(id, daemonId),
    },
    entry(),
  )
  const keepers = createKeeperContainers(ownEngine, installationId)
  const engine = keepers.releasing(ownEngine)
  const { imageContextPath, version, imageDigests: digests } = options
  const images = createImages({ engine, settings, imageContextPath, version, digests })
  const storage = createStorage({
    engine,
    installationId,
    helperImage: async () => (await images.ensure(null, { signal: new AbortController().signal, onProgress: () => undefined })).reference,
    recordedVolume: (volume) => recordedVolumeLabels(options.records, installationId, volume),
  })
  const foreignWorkspaces = createForeignWorkspaces({ engine, place: name, records: options.records, installationId, emit })
  const network = createWorkspaceNetwork({
    engine,
    installationId,
    records,
    settings: settings.get,
    runningContainer(workspaceId) {
      const container = registry.containerOf(workspaceId)
      return container?.running ? container.containerId : null
    },
    updateGroups: (visibleWorkspaces) => void settings.update({ visibleWorkspaces }),
  })
  const sync = createEngineSync({
    place: id,
    engine,
    installationId,
    storage,
    registry,
    foreignWorkspaces,
    now,
    operations,
    looks: options.looks,
    isPrepared: options.isPrepared,
    onEngineState: (state) => options.onEngineState(id, state),
    onOwnContainers(listed) {
      keepers.replaceContainers(listed)
      options.onOwnContainers(id)
    },
    onRemoval({ kind, id: removed }) {
      if (kind !== 'container') options.onVolumeOrImageRemoved(id)
      else if (keepers.isKeeper(removed)) options.onKeeperRemoved(id)
    },
    onListed: () => options.onListed(id),
  })
  return {
    id,
    name,
    engine,
    ready: sync.ready,
    isPrepared: sync.isPrepared,
    storage: storage.driver,
    transfer: storage.transfer,
    freeSpace: storage.freeSpace,
    freezer: createFreezer(engine),
    stops: createContainerStops(engine),
    newStorage: () => entry().newWorkspaceStorage ?? settings.get().newWorkspaceStorage,
    images,
    foreignWorkspaces,
    network,
    keepers,
    storageOfEngine: storage,
    placeRecords: records,
    listener: { ...sync, onNode: options.onNode },
  }
}
