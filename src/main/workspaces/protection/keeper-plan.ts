import { createHash } from 'node:crypto'
import type { SnapshotRecord, WorkspaceRecord } from '../../settings/records'
import { snapshotLayer } from '../base/workspace-resources'

/** A keeper as it should be. Its name changes with everything in it. */
export interface PlannedKeeper {
  name: string
  /** Id of the workspace or the snapshot, or of this Berth for the shared one. */
  keeps: string
  image: string
  volumes: string[]
}

interface PlanInput {
  installationId: string
  workspaces: Pick<WorkspaceRecord, 'id' | 'volumes' | 'keptLayer' | 'lastUsedAt'>[]
  snapshots: Pick<SnapshotRecord, 'id' | 'workspaceId' | 'volumes' | 'createdAt'>[]
  isRunning: (workspaceId: string) => boolean
  /** Its kept data is about to change: by the operation that holds it, or because its layer is being saved first. */
  isChanging: (workspaceId: string) => boolean
  /** Others have taken the name from its layer, which only its keeper still has: that one stays as it is until the layer is named again. */
  isHeld: (id: string) => boolean
  /** Names of volumes that exist, and references of images. */
  volumes: ReadonlySet<string>
  layers: ReadonlySet<string>
  poolVolume: string | null
  /** Id of the workspace image; null while the engine has none. */
  baseImage: string | null
  mostOwn: number
}

export interface KeeperPlan {
  keepers: PlannedKeeper[]
  /** Ids of workspaces and snapshots with a layer that no keeper has: there are too many. */
  unkeptLayers: string[]
}

interface Subject {
  id: string
  image: string | null
  volumes: string[]
}

/**
 * One keeper for each layer, with the volumes that belong to it: a container keeps one image alive. All other volumes, the pool's and the
 * workspace image have one keeper together.
 */
export function planKeepers(input: PlanInput): KeeperPlan {
  const { workspaces, snapshots, layers, poolVolume, baseImage, mostOwn } = input
  const settled = workspaces.filter(({ id }) => !input.isChanging(id))
  const there = ({ home, docker }: { home: string; docker: string }) => [home, docker].filter((name) => input.volumes.has(name))
  const imageIfThere = (reference: string | undefined) => (reference !== undefined && layers.has(reference) ? reference : null)
  const subjects: Subject[] = [
    ...settled
      .filter(({ id }) => !input.isRunning(id) && !input.isHeld(id))
      .toSorted((one, other) => (other.lastUsedAt ?? '').localeCompare(one.lastUsedAt ?? ''))
      .map(({ id, volumes, keptLayer }) => ({ id, image: imageIfThere(keptLayer?.reference), volumes: there(volumes) })),
    ...snapshots
      .filter(({ id, workspaceId }) => !input.isChanging(workspaceId) && !input.isHeld(id))
      .toSorted((one, other) => other.createdAt.localeCompare(one.createdAt))
      .map(({ id, volumes }) => ({ id, image: imageIfThere(snapshotLayer(id)), volumes: there(volumes) })),
  ]
  const withLayer = subjects.filter(({ image }) => image !== null)
  const own = new Set(withLayer.slice(0, mostOwn))
  const shared = subjects.filter((subject) => !own.has(subject)).flatMap(({ volumes }) => volumes)
  const keepers = [...own].map(({ id, image, volumes }) => named(id, image ?? '', volumes))
  if (baseImage !== null && (workspaces.length > 0 || poolVolume !== null)) {
    keepers.push(named(input.installationId, baseImage, [...(poolVolume === null ? [] : [poolVolume]), ...shared]))
  }
  return { keepers, unkeptLayers: withLayer.slice(mostOwn).map(({ id }) => id) }
}

/** With a dot, so that no workspace's container has such a name. */
function named(keeps: string, image: string, volumes: string[]): PlannedKeeper {
  const sorted = volumes.toSorted()
  const digest = createHash('sha256')
    .update(JSON.stringify([image, sorted]))
    .digest('hex')
  return { name: `berth-keeper.${keeps}.${digest.slice(0, 8)}`, keeps, image, volumes: sorted }
}
