import { environmentSchema } from '../../../shared/environment'
import type { ContainerDetails } from '../../engine/containers'
import type { Engine } from '../../engine/engine'
import type { ImageSummary } from '../../engine/images'
import { givenVariables } from './environment'

/** Engines refuse an image of more than about 125 layers; some room is left for what others put upon it. */
export const MOST_LAYERS = 100

/** What of the engine is needed. */
export interface LayerEngine {
  containers: Pick<Engine['containers'], 'inspect' | 'commit' | 'flatten'>
  images: Pick<Engine['images'], 'inspect' | 'removeUnnamed'>
}

/**
 * Creates an image of what was installed in the container: its own layer, on top of those below. Each copy of a copy adds a layer; if there
 * are too many, they are merged into one, which takes longer and as much space as all of them. An image that had the name is removed: a
 * step interrupted by a crash or a lost answer creates it again.
 */
export async function keepLayer({ containers, images }: LayerEngine, containerId: string, reference: string): Promise<void> {
  const container = await containers.inspect(containerId)
  const below = container && (await images.inspect(container.imageId))
  const before = await images.inspect(reference)
  await keepAs({ containers }, containerId, reference, { container, below })
  if (before) await images.removeUnnamed(before.id)
}

async function keepAs(
  { containers }: Pick<LayerEngine, 'containers'>,
  containerId: string,
  reference: string,
  { container, below }: { container: ContainerDetails | null; below: ImageSummary | null },
): Promise<void> {
  if (below && below.layers.length >= MOST_LAYERS) return containers.flatten(containerId, reference)
  // Their values may be secrets, which the image would keep.
  const names = givenVariables(container, below).map(([name]) => name)
  const blank = names.filter((name) => environmentSchema.safeParse({ [name]: '' }).success)
  await containers.commit(containerId, reference, { pause: false, blank })
}
