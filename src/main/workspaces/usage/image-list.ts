import type { ListedImage } from '../../../shared/contract/images'
import { DISTROS, IMAGE_SIZES, localImage } from '../../../shared/distros'
import { BerthError } from '../../../shared/errors'
import type { ContainerSummary } from '../../engine/containers'
import type { ListedImage as EngineImage } from '../../engine/images'
import { LABEL_NAME } from '../../images/image-build'
import { type Images, localName, PUBLISHED_REPOSITORY } from '../../images/images'
import { LABEL_ID, LABEL_ROLE, ROLE_KEEPER } from '../../storage/drivers/storage-context'
import type { LifecycleServices } from '../base/lifecycle-services'
import { LABEL_BERTH_IMAGE, layerOwner } from '../base/workspace-resources'

/** What Berth calls its own images. */
const OWN_NAMES = new Set(DISTROS.flatMap(({ id }) => IMAGE_SIZES.flatMap((size) => [localImage(id, size), localName(id, size)])))
const isOwnName = (reference: string) => OWN_NAMES.has(reference) || reference.startsWith(`${PUBLISHED_REPOSITORY}:`)

/** The images that workspaces start from. */
export interface ImageList {
  list(): Promise<ListedImage[]>
  /** Throws IMAGE_UNAVAILABLE when there is none of that id in the list, IMAGE_IN_USE when something needs it or it is not of Berth's making. */
  remove(imageId: string): Promise<void>
}

type Services = Pick<LifecycleServices, 'engine' | 'records'> & { images: Pick<Images, 'nameOf' | 'isOutdatedBy'> }

export function createImageList({ engine, records, images }: Services): ImageList {
  async function list(): Promise<ListedImage[]> {
    const [labelled, containers] = await Promise.all([engine.images.list({ label: LABEL_BERTH_IMAGE }), engine.containers.list()])
    // Layers of workspaces have the label, too.
    const berths = labelled.filter(({ references }) => references.every((reference) => layerOwner(reference) === null))
    const asked = [...new Set(records.list().map(images.nameOf))].filter(
      (name) => !berths.some(({ references }) => references.includes(name)),
    )
    const others = (await Promise.all(asked.map((repository) => engine.images.list({ repository })))).flat()
    const known = new Map([...others, ...berths].map((image) => [image.id, image]))
    return [...known.values()]
      .toSorted((one, other) => other.createdAt.getTime() - one.createdAt.getTime())
      .map((image) => view(image, berths.includes(image), containers))
  }

  function view(image: EngineImage, isLabelled: boolean, containers: ContainerSummary[]): ListedImage {
    const { id, references, labels, sizeBytes, createdAt } = image
    const named = references.filter((reference) => reference === labels[LABEL_NAME] || isOwnName(reference))
    const isBerths = isLabelled && (references.length === 0 || named.length > 0)
    const users = containers.filter(({ imageId, labels: own }) => imageId === id && own[LABEL_ROLE] !== ROLE_KEEPER)
    const ids = new Set(users.map(({ labels: own }) => own[LABEL_ID]))
    const usedBy = records.list().filter((record) => ids.has(record.id) || references.includes(images.nameOf(record)))
    return {
      ...{ id, references, isBerths, sizeBytes },
      isOutdated: isBerths && references.length > 0 && images.isOutdatedBy(null, labels),
      createdAt: createdAt.toISOString(),
      usedBy: usedBy.map(({ name }) => name),
      // A name that somebody else gave it is theirs.
      isRemovable: isBerths && named.length === references.length && users.length === 0 && usedBy.length === 0,
    }
  }

  return {
    list,
    async remove(imageId) {
      const image = (await list()).find(({ id }) => id === imageId)
      if (!image) throw notThere(imageId)
      if (!image.isRemovable) throw inUse(image)
      for (const reference of image.references) {
        // A newer image may have taken the name since.
        if ((await engine.images.inspect(reference))?.id === imageId) await engine.images.remove(reference)
      }
      await engine.images.removeUnnamed(imageId)
    },
  }
}

function notThere(image: string): BerthError<'IMAGE_UNAVAILABLE'> {
  const reason = 'it is not an image of Berth'
  return new BerthError('IMAGE_UNAVAILABLE', `The image ${image} does not exist.`, {
    image,
    tried: [{ source: 'local', reason }],
    next: 'Check the list of images.',
  })
}

function inUse({ id, references, usedBy, isBerths }: ListedImage): BerthError<'IMAGE_IN_USE'> {
  const image = references[0] ?? id
  const reason = !isBerths
    ? 'Berth did not create it'
    : usedBy.length > 0
      ? `it is used by ${usedBy.join(', ')}`
      : 'a container uses it, or it has another name'
  return new BerthError('IMAGE_IN_USE', `The image ${image} cannot be removed: ${reason}.`, {
    image,
    workspaces: usedBy,
    next: isBerths ? 'Rebuild these workspaces from another image first.' : 'Remove it with the tool that created it.',
  })
}
