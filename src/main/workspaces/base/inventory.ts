import type { ContainerSummary } from '../../engine/containers'
import type { Engine } from '../../engine/engine'
import type { ListedImage } from '../../engine/images'
import type { VolumeSummary } from '../../engine/volumes'
import type { Records } from '../../settings/records'
import { LABEL_OWNER, LABEL_ROLE, ROLE_KEEPER } from '../../storage/drivers/storage-context'
import { LAYER_REPOSITORIES } from './workspace-resources'

/** What of this Berth's is on the engine. */
export interface Inventory {
  containers: ContainerSummary[]
  volumes: VolumeSummary[]
  /** Volumes that the engine made empty for a keeper, in the place of one that was removed in that moment. */
  emptyStandIns: string[]
  /** Also of other Berths: the name of an image shows whose it is. */
  layers: ListedImage[]
  /** Names of the volumes, those that were adopted too. */
  volumeNames: ReadonlySet<string>
  layerReferences: ReadonlySet<string>
}

/** One list of each kind, whatever there is. Volumes of another tool do not carry the label, and are asked for one by one. */
export async function readInventory(
  engine: { [Kind in 'containers' | 'volumes' | 'images']: Pick<Engine[Kind], 'list'> } & { volumes: Pick<Engine['volumes'], 'inspect'> },
  records: Pick<Records, 'list'>,
  installationId: string,
): Promise<Inventory> {
  const owned = `${LABEL_OWNER}=${installationId}`
  const adopted = records.list().flatMap((record) => record.adoptedVolumes)
  const [containers, labelled, layers, ...others] = await Promise.all([
    engine.containers.list(owned),
    engine.volumes.list(owned),
    engine.images.list({ repository: LAYER_REPOSITORIES }),
    ...adopted.map((name) => engine.volumes.inspect(name)),
  ])
  const isStandIn = ({ labels }: VolumeSummary) => labels[LABEL_ROLE] === ROLE_KEEPER
  const volumes = labelled.filter((volume) => !isStandIn(volume))
  return {
    containers,
    volumes,
    emptyStandIns: labelled.filter(isStandIn).map(({ name }) => name),
    layers,
    volumeNames: new Set([...volumes, ...others.filter((volume) => volume !== null)].map(({ name }) => name)),
    layerReferences: new Set(layers.flatMap(({ references }) => references)),
  }
}
