import type { Engine } from '../../engine/engine'
import type { Records, WorkspaceRecord } from '../../settings/records'
import { layerRepository, snapshotLayer } from './workspace-resources'

/** The image that comes nearest to what a container that is gone held outside its volumes. */
export interface LayerChoice {
  reference: string
  /** When the layer was as it is in the image. */
  at: string
  /** It is the very state in which the container last stopped. */
  isWhole: boolean
  /** Name of the snapshot that it is of; null for an image of the workspace's own. */
  snapshot: string | null
}

/** Where a layer that is not whole comes from, in words: for “recreated from …”. */
export function describeLayer({ snapshot }: LayerChoice): string {
  return snapshot === null ? 'an earlier layer of its own' : `the layer of the snapshot ${snapshot}`
}

interface LayerSources {
  engine: { images: Pick<Engine['images'], 'list'> }
  records: { snapshots: Pick<Records['snapshots'], 'list'> }
}

/** null when there is no more than the image that the workspace was created from. */
export async function chooseLayer(
  { engine, records }: LayerSources,
  { id, keptLayer, restoredAt }: Pick<WorkspaceRecord, 'id' | 'keptLayer' | 'restoredAt'>,
): Promise<LayerChoice | null> {
  const ofImages = async (repository: string) => {
    const listed = await engine.images.list({ repository })
    return listed.flatMap(({ references, createdAt }) => references.map((reference) => ({ reference, at: createdAt.toISOString() })))
  }
  // One that an export has made is on its way out.
  const own = (await ofImages(layerRepository(id))).filter(({ reference }) => !reference.endsWith(':export'))
  if (keptLayer && own.some(({ reference }) => reference === keptLayer.reference)) return { ...keptLayer, isWhole: true, snapshot: null }
  const candidates: LayerChoice[] = own.map((image) => ({ ...image, isWhole: false, snapshot: null }))
  for (const snapshot of records.snapshots.list(id)) {
    // Of a state before a restore: the restored state is an image of its own.
    if (restoredAt !== undefined && snapshot.createdAt < restoredAt) continue
    const images = await ofImages(snapshotLayer(snapshot.id))
    candidates.push(...images.map(({ reference }) => ({ reference, at: snapshot.createdAt, isWhole: false, snapshot: snapshot.name })))
  }
  return candidates.toSorted((one, other) => other.at.localeCompare(one.at))[0] ?? null
}
