import { BerthError } from '../../../shared/errors'
import type { ImageChoice } from '../../../shared/image-choice'
import type { Progress } from '../../../shared/operation'
import type { StorageDriverName } from '../../../shared/storage-driver-name'
import type { Engine } from '../../engine/engine'
import type { Machine } from '../../engine/machine'
import { byReference } from '../../settings/engine-list'
import { HOST_PLACE, type Placement } from '../../settings/records'
import type { StorageDriver } from '../../storage/drivers/storage-driver'
import type { VolumeTransfer } from '../../storage/drivers/volume-transfer'
import type { FreeSpace } from '../../storage/free-space'
import type { ContainerStops } from './container-stop'
import type { ForeignWorkspaces } from './foreign-workspaces'
import type { Freezer } from './freezer'
import type { WorkspaceNetwork } from './workspace-network'

/** What the images room does for the lifecycle. */
interface ImageSource {
  /** Makes sure the image is on the engine; null for that of new workspaces. Returns the reference to create containers from. */
  ensure(
    choice: ImageChoice | null,
    options: { signal: AbortSignal; onProgress(progress: Progress | null, detail: string): void },
  ): Promise<{ reference: string }>
  /** As `Images.isAsBuilt`. */
  isAsBuilt(labels: Record<string, string>): boolean
  /** As `ensure`; Berth's own image is built again where it is out of date. */
  renew(choice: ImageChoice, options: Parameters<ImageSource['ensure']>[1]): Promise<{ reference: string }>
  /** Where it would come from; its id where it is on the engine. */
  resolve(choice: ImageChoice | null): Promise<{ reference: string; source: 'local' | 'published' | 'bundled'; imageId: string | null }>
}

/** Where a workspace lives: an engine, and what depends on it. */
export interface Place {
  /** As records name it. */
  id: string
  /** As the user calls it. */
  name: string
  engine: Engine
  /** As `EngineSync.ready`. */
  ready: () => Promise<void>
  /** The driver of that name. */
  storage: (name: StorageDriverName) => StorageDriver
  /** From one driver to the other. */
  transfer: VolumeTransfer
  freeSpace: FreeSpace
  freezer: Freezer
  stops: ContainerStops
  /** What new workspaces are made on there. */
  newStorage: () => StorageDriverName
  images: ImageSource
  foreignWorkspaces: ForeignWorkspaces
  network: Pick<WorkspaceNetwork, 'join' | 'forNewContainer' | 'onWorkspaceRemoved'>
}

/** A record, a snapshot or the input of an operation: it says where it is. */
export interface Placed {
  place: string
}

/** A workspace that is to be made somewhere, or to move there. */
export interface PlaceWish {
  id: string
  name: string
  limits: { memoryBytes: number | null; cpus: number | null }
  /** Name or id of an engine or of a Swarm; without one, that for new workspaces. */
  engine?: string | undefined
  /** What a node has to be like; only for a Swarm. */
  constraints?: string[] | undefined
}

/** Where it is to be, and who has chosen that. */
export interface ChosenPlace {
  place: Place
  /** undefined where the user has. */
  placement: Placement | undefined
}

/** Chooses nodes: `swarms/swarms.ts`. */
export interface NodeChooser {
  /** null for a name or id that is no Swarm's. */
  find(reference: string): {
    id: string
    withNode<Result>(wish: PlaceWish, work: (chosen: ChosenPlace) => Promise<Result>): Promise<Result>
  } | null
}

/** All places there are: engines, and this machine itself. Nobody else knows which engine a workspace is on, or what kind of place it is in. */
export interface Places {
  list(): Place[]
  /**
   * Where the workspace will be, while `work` begins the operation that brings it there. Throws ENGINE_UNKNOWN, INPUT_INVALID for
   * constraints on an engine, and errors of a Swarm that has no node for it.
   */
  choose<Result>(wish: PlaceWish, work: (chosen: ChosenPlace) => Promise<Result>): Promise<Result>
  /** Whether it lives on that engine, or was given its node by that Swarm. Throws ENGINE_UNKNOWN. */
  isAt(record: Placed & { placement?: Placement | undefined }, reference: string): boolean
  /** The engine of that name or id. Throws ENGINE_UNKNOWN. */
  find(reference: string): Place
  /** An engine. Throws PLACE_UNKNOWN. */
  of(placed: Placed): Place
  /** Throws PLACE_UNKNOWN. */
  engineOf(placed: Placed): Engine
  /** Where commands run and files are: an engine, or this machine. Throws PLACE_UNKNOWN. */
  machineOf(placed: Placed): Machine
}

interface PlacesOptions {
  /** As they are now, the local one first. */
  list: () => readonly Place[]
  /** Name of the engine for new workspaces. */
  forNew: () => string
  swarms: NodeChooser
  /** This machine itself, for workspaces that are folders of it. */
  host: Machine
}

export function createPlaces({ list, forNew, swarms, host }: PlacesOptions): Places {
  const names = () => list().map(({ name }) => name)

  function of({ place }: Placed): Place {
    const found = list().find(({ id }) => id === place)
    if (found) return found
    throw new BerthError('PLACE_UNKNOWN', `The place “${place}” is unknown.`, {
      place,
      next: `Engines in Berth: ${names().join(', ')}.`,
    })
  }

  function find(reference: string): Place {
    const found = byReference(list(), reference)
    if (found) return found
    throw new BerthError('ENGINE_UNKNOWN', `There is no engine named “${reference}” in Berth.`, {
      engine: reference,
      next: `Available engines: ${names().join(', ')}. “berth engine add” adds another.`,
    })
  }

  return {
    list: () => [...list()],
    of,
    find,
    isAt({ place, placement }, reference) {
      const swarm = swarms.find(reference)
      return swarm ? placement?.swarm === swarm.id : find(reference).id === place
    },
    async choose(wish, work) {
      const { engine = forNew(), constraints = [] } = wish
      const swarm = swarms.find(engine)
      if (swarm) return swarm.withNode(wish, work)
      const place = find(engine)
      if (constraints.length > 0) throw notOfSwarm(place.name)
      return work({ place, placement: undefined })
    },
    engineOf: (placed) => of(placed).engine,
    machineOf: (placed) => (placed.place === HOST_PLACE ? host : of(placed).engine),
  }
}

function notOfSwarm(engine: string): BerthError {
  const message = `${engine} is an engine, but constraints only apply to a Swarm.`
  return new BerthError('INPUT_INVALID', message, {
    issues: [{ path: 'constraints', message }],
    next: 'Leave out the constraints, or choose a Swarm.',
  })
}
