import type { Engine } from '../../engine/engine'

/** Which workspace, snapshot or template a volume is of. */
export const LABEL_ID = 'dev.berth.id'
/** Which Berth it belongs to: `openInstallationId`. */
export const LABEL_OWNER = 'dev.berth.owner'
/** The operation that made a container: by this its steps and their undos find it. */
export const LABEL_OPERATION = 'dev.berth.operation'
export const LABEL_ROLE = 'dev.berth.role'
/** On containers that work for Berth for a while, and on nothing else. */
export const ROLE_HELPER = 'helper'

/** On the volume of the pool's file. */
export const ROLE_POOL = 'pool'
/** On containers that run so that an engine clean-up keeps the volumes they mount and their image. */
export const ROLE_KEEPER = 'keeper'
/** On keepers: the id of what they keep. */
export const LABEL_KEEPS = 'dev.berth.keeps'
/** On keepers: the image, as it was called when the keeper was created. */
export const LABEL_KEPT_IMAGE = 'dev.berth.kept-image'
/** On keepers: names of its volumes, with commas between. */
export const LABEL_KEPT_VOLUMES = 'dev.berth.kept-volumes'

/** What all of the storage room works with. */
export interface StorageContext {
  engine: Pick<Engine, 'volumes' | 'containers' | 'helpers' | 'exec'>
  installationId: string
  /** An image with Berth's tools, on the engine when this resolves. */
  helperImage: () => Promise<string>
  /** The labels of a volume that a workspace or a snapshot is recorded with; null for any other name. */
  recordedVolume: (name: string) => Record<string, string> | null
}

export function helperLabels({ installationId }: Pick<StorageContext, 'installationId'>): Record<string, string> {
  return { [LABEL_OWNER]: installationId, [LABEL_ROLE]: ROLE_HELPER }
}
