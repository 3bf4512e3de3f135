import { isBerthError } from '../../../shared/errors'
import type { Snapshot, SnapshotPart } from '../../../shared/snapshot'
import { log } from '../../log'
import type { SnapshotRecord, WorkspaceRecord } from '../../settings/records'
import type { Inventory } from './inventory'
import { snapshotLayer } from './workspace-resources'

/** What others have removed of workspaces and snapshots, as it was when it was last looked for. */
export interface Losses {
  /** Looks now. Throws what the engine throws. */
  look(): Promise<void>
  /** Something was removed: looks in a moment, once for all that goes at the same time. */
  lookSoon(): void
  ofSnapshot(id: string): SnapshotPart[]
  /** Names of missing volumes. */
  ofWorkspace(id: string): string[]
}

interface LossesOptions {
  records: { list(): WorkspaceRecord[]; snapshots: { list(): SnapshotRecord[] } }
  inventory: () => Promise<Pick<Inventory, 'volumeNames' | 'layerReferences'>>
  /** An operation is at work there: what it is making or removing is not missing. */
  isBusy: (workspaceId: string) => boolean
  onSnapshot: (snapshot: SnapshotRecord) => void
  onWorkspace: (workspaceId: string) => void
}

/** Of what goes at once, the engine tells one by one. */
const GATHER_MS = 200

export function createLosses({ records, inventory, isBusy, onSnapshot, onWorkspace }: LossesOptions): Losses {
  const ofSnapshots = new Map<string, SnapshotPart[]>()
  const ofWorkspaces = new Map<string, string[]>()
  let isWaiting = false

  async function look(): Promise<void> {
    const found = await inventory()
    for (const snapshot of records.snapshots.list()) {
      if (isBusy(snapshot.workspaceId)) continue
      if (update(ofSnapshots, snapshot.id, missingParts(snapshot, found))) onSnapshot(snapshot)
    }
    for (const { id, volumes } of records.list()) {
      if (isBusy(id)) continue
      const missing = Object.values(volumes).filter((name) => !found.volumeNames.has(name))
      if (update(ofWorkspaces, id, missing)) onWorkspace(id)
    }
  }

  return {
    look,
    lookSoon() {
      if (records.list().length === 0) return
      if (isWaiting) return
      isWaiting = true
      setTimeout(() => {
        isWaiting = false
        look().catch((error: unknown) => {
          if (!isBerthError(error, 'ENGINE_UNREACHABLE')) log.warn({ err: error }, 'parts removed outside Berth could not be checked')
        })
      }, GATHER_MS).unref()
    },
    ofSnapshot: (id) => ofSnapshots.get(id) ?? [],
    ofWorkspace: (id) => ofWorkspaces.get(id) ?? [],
  }
}

export function missingParts(
  { id, volumes }: Pick<SnapshotRecord, 'id' | 'volumes'>,
  { volumeNames, layerReferences }: Pick<Inventory, 'volumeNames' | 'layerReferences'>,
): SnapshotPart[] {
  const parts: SnapshotPart[] = []
  if (!volumeNames.has(volumes.home)) parts.push('home')
  if (!volumeNames.has(volumes.docker)) parts.push('docker')
  if (!layerReferences.has(snapshotLayer(id))) parts.push('layer')
  return parts
}

/** As doors show it, not measured. */
export function snapshotView({ volumes: _, place: __, ...snapshot }: SnapshotRecord, losses: Pick<Losses, 'ofSnapshot'>): Snapshot {
  return { ...snapshot, bytes: null, exclusiveBytes: null, missing: losses.ofSnapshot(snapshot.id) }
}

/** Returns whether it is new. */
function update<Item>(known: Map<string, Item[]>, id: string, items: Item[]): boolean {
  if (JSON.stringify(known.get(id) ?? []) === JSON.stringify(items)) return false
  if (items.length === 0) known.delete(id)
  else known.set(id, items)
  return true
}
