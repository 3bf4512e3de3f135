import { BerthError } from '../../../shared/errors'
import type { Engine } from '../../engine/engine'
import { LABEL_ID } from './storage-context'
import type { VolumeCopy } from './storage-driver'

type Volumes = Engine['volumes']

/** Creates the volume, unless it exists with the same `dev.berth.id`. Throws FOREIGN_RESOURCE if it belongs to another. */
export async function ensureOwn(
  volumes: Volumes,
  name: string,
  labels: Record<string, string>,
  options: Record<string, string>,
): Promise<void> {
  const volume = (await volumes.inspect(name)) ?? (await volumes.create(name, labels, options))
  if (volume.labels[LABEL_ID] !== labels[LABEL_ID]) throw taken(name)
}

/** Creates the target of a copy, which was free. Throws FOREIGN_RESOURCE if another process was faster: then it belongs to that process. */
export async function createTarget(volumes: Volumes, { to, labels }: VolumeCopy, options: Record<string, string>): Promise<void> {
  const volume = await volumes.create(to, labels, options)
  if (volume.labels[LABEL_ID] !== labels[LABEL_ID]) throw taken(to)
}

/** Whether the target of a copy is somebody else's. */
export async function isOthers(volumes: Volumes, { to, labels }: VolumeCopy): Promise<boolean> {
  const volume = await volumes.inspect(to)
  return volume !== null && volume.labels[LABEL_ID] !== labels[LABEL_ID]
}

/** Removes what a failed copy has created, and keeps targets that belong to others. */
export async function removeOwnTargets(volumes: Volumes, copies: VolumeCopy[], remove: (name: string) => Promise<void>): Promise<void> {
  for (const copy of copies) if (!(await isOthers(volumes, copy))) await remove(copy.to)
}

/** Throws FOREIGN_RESOURCE when a target is there already. The engine would hand out the one that is there as if it were new. */
export async function assertFree(volumes: Volumes, copies: VolumeCopy[]): Promise<void> {
  for (const { to } of copies) if (await volumes.inspect(to)) throw taken(to)
}

/** Throws when a source is missing. The engine would make an empty one. */
export async function assertThere(volumes: Volumes, copies: Pick<VolumeCopy, 'from'>[]): Promise<void> {
  for (const { from } of copies) {
    if (await volumes.inspect(from)) continue
    throw new BerthError('ENGINE_REFUSED', `The volume ${from} no longer exists on the engine.`, {
      engineStatus: 404,
      reason: 'no such volume',
      next: 'It was removed outside Berth, so it cannot be copied.',
    })
  }
}

function taken(name: string): BerthError<'FOREIGN_RESOURCE'> {
  return new BerthError('FOREIGN_RESOURCE', `The engine already has a volume named ${name}.`, {
    resource: 'volume',
    name,
    next: 'Choose another name, or remove the volume yourself if it is not needed. Berth does not touch it.',
  })
}
