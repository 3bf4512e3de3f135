import type { Operation } from '../../../shared/operation'
import type { InUse } from '../../engine/disk-usage'
import type { ListedImage } from '../../engine/images'
import type { VolumeSummary } from '../../engine/volumes'
import type { SnapshotRecord, WorkspaceRecord } from '../../settings/records'
import { LABEL_ID, LABEL_OWNER, LABEL_ROLE } from '../../storage/drivers/storage-context'
import { LABEL_NAME, layerOwner, type ResourceRole, snapshotOfVolume } from '../base/workspace-resources'

/** Something that nobody needs, and all that goes with it. */
export type CleanupCandidate = { id: string; title: string; detail: string } & (
  | { kind: 'volume'; volumes: string[] }
  | { kind: 'snapshot'; volumes: string[]; references: string[] }
  | { kind: 'layer'; references: string[] }
  | { kind: 'image'; imageId: string; references: string[] }
)

/** All that decides what may go. Everything listed is as it is now. */
export interface EngineContent {
  installationId: string
  records: Pick<WorkspaceRecord, 'id' | 'volumes'>[]
  snapshots: Pick<SnapshotRecord, 'id' | 'workspaceId' | 'volumes'>[]
  /** Under way. */
  operations: Pick<Operation, 'workspaceId' | 'involves'>[]
  /** Of this Berth. */
  volumes: Pick<VolumeSummary, 'name' | 'labels'>[]
  layers: Pick<ListedImage, 'references' | 'labels' | 'id'>[]
  /** Images of Berth's own making. */
  images: Pick<ListedImage, 'id' | 'references' | 'createdAt'>[]
  inUse: InUse
  /** Ids of what workspaces, those there are and new ones, are made from. */
  wantedImages: Set<string>
  /** Repository of the published images. */
  publishedRepository: string
  now: Date
}

/** An image that is just being built has no name yet. */
const IMAGE_AGE_MS = 10 * 60_000

const WORKSPACE_ROLES: ReadonlySet<string> = new Set<ResourceRole>(['home', 'docker'])
const SNAPSHOT_ROLES: ReadonlySet<string> = new Set<ResourceRole>(['snapshot-home', 'snapshot-docker'])

/**
 * Unused data. Nothing of another Berth, nothing that a record names or a container uses, and nothing of a workspace with a running
 * operation, whose new resources have no record yet.
 */
export function cleanupCandidates(content: EngineContent): CleanupCandidate[] {
  const busy = busyIds(content)
  const isOurs = (labels: Record<string, string>) => labels[LABEL_OWNER] === content.installationId
  const named = new Set([...content.records, ...content.snapshots].flatMap(({ volumes: { home, docker } }) => [home, docker]))
  const free = content.volumes.filter(
    ({ name, labels }) => isOurs(labels) && !named.has(name) && !content.inUse.volumes.has(name) && !busy.has(labels[LABEL_ID] ?? ''),
  )
  const layers = danglingLayers(content, busy, isOurs)
  const snapshots = danglingSnapshots(content, free, layers)
  const ofSnapshots = new Set(snapshots.flatMap(({ references }) => references))
  return [
    ...snapshots,
    ...free.filter(({ labels }) => WORKSPACE_ROLES.has(labels[LABEL_ROLE] ?? '')).map(volumeCandidate),
    ...layers.filter((reference) => !ofSnapshots.has(reference)).map(layerCandidate),
    ...danglingImages(content),
  ]
}

/** Workspaces that an operation changes, reads or makes. */
function busyIds({ operations }: EngineContent): Set<string> {
  return new Set(
    operations.flatMap(({ workspaceId, involves }) => [
      ...(workspaceId ? [workspaceId] : []),
      ...involves.map((other) => other.workspaceId),
    ]),
  )
}

/**
 * References of saved layers whose workspace or snapshot is gone. Imported ones are left out: their labels are of the Berth that
 * exported them, so that whose they are cannot be told.
 */
function danglingLayers(
  { layers, records, snapshots, inUse }: EngineContent,
  busy: Set<string>,
  isOurs: (labels: Record<string, string>) => boolean,
): string[] {
  const known = new Set([...records, ...snapshots].map(({ id }) => id))
  return layers
    .filter(({ id, labels }) => isOurs(labels) && !inUse.images.has(id) && !busy.has(labels[LABEL_ID] ?? ''))
    .flatMap(({ references }) => references)
    .filter((reference) => {
      const owner = layerOwner(reference)
      return owner !== null && !known.has(owner) && !busy.has(owner) && !reference.endsWith(':import')
    })
}

type SnapshotCandidate = Extract<CleanupCandidate, { kind: 'snapshot' }>

function danglingSnapshots({ snapshots }: EngineContent, free: EngineContent['volumes'], layers: string[]): SnapshotCandidate[] {
  const found = new Map<string, SnapshotCandidate>()
  for (const { name, labels } of free) {
    const id = snapshotOfVolume(name)
    if (id === null || !SNAPSHOT_ROLES.has(labels[LABEL_ROLE] ?? '') || snapshots.some((snapshot) => snapshot.id === id)) continue
    const workspace = labels[LABEL_NAME] ?? 'a workspace'
    const candidate = found.get(id) ?? {
      ...{ id: `snapshot:${id}`, kind: 'snapshot', title: `Snapshot of ${workspace}`, volumes: [] },
      detail: 'It is in no list of snapshots.',
      references: layers.filter((reference) => layerOwner(reference) === id),
    }
    found.set(id, { ...candidate, volumes: [...candidate.volumes, name] })
  }
  return [...found.values()]
}

function volumeCandidate({ name, labels }: EngineContent['volumes'][number]): CleanupCandidate {
  const workspace = labels[LABEL_NAME] ?? 'a workspace'
  return {
    id: `volume:${name}`,
    kind: 'volume',
    title: `Volume ${name}`,
    detail: `It was created for ${workspace}, which does not use it.`,
    volumes: [name],
  }
}

function layerCandidate(reference: string): CleanupCandidate {
  return {
    ...{ id: `layer:${reference}`, kind: 'layer', title: `Saved layer ${reference}` },
    detail: 'The workspace or snapshot it was saved for is gone.',
    references: [reference],
  }
}

/** Berth's images without a name, and published ones of other versions. */
function danglingImages({ images, inUse, wantedImages, publishedRepository, now }: EngineContent): CleanupCandidate[] {
  return images.flatMap(({ id, references, createdAt }): CleanupCandidate[] => {
    if (inUse.images.has(id) || wantedImages.has(id) || now.getTime() - createdAt.getTime() < IMAGE_AGE_MS) return []
    if (references.some((reference) => !reference.startsWith(`${publishedRepository}:`))) return []
    const isNamed = references.length > 0
    return [
      {
        ...{ id: `image:${id}`, kind: 'image', imageId: id, references },
        title: isNamed ? `Image ${references.join(', ')}` : `Former workspace image ${id.slice('sha256:'.length, 'sha256:'.length + 12)}`,
        detail: isNamed
          ? 'It belongs to another version of Berth, and no workspace uses it.'
          : 'It was replaced by a newer image, and no workspace uses it.',
      },
    ]
  })
}
