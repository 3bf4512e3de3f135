import { type Content, EMPTY } from './content'
import { refusal } from './refusal'
import type { SavedImage } from './saved-image'
import type { SimulatedImage } from './simulated-image'

/** The images of the engine. Each method is one request, and done at once. */
export interface ImageStore {
  images: Map<string, SimulatedImage>
  image(reference: string): SimulatedImage | null
  addImage(image: Partial<SimulatedImage> & { reference: string | null; content: Content }): SimulatedImage
  tag(image: SimulatedImage, reference: string): void
  removeImage(reference: string): void
  /** With all its names. */
  removeUnused(image: SimulatedImage): void
  /** The files of layers may be missing that are there already. */
  loadImage(saved: SavedImage): void
}

interface Surroundings {
  /** Whether a container is made from it. */
  isUsed(imageId: string): boolean
  newId(): string
  date(): Date
}

export function createImageStore({ isUsed, newId, date }: Surroundings): ImageStore {
  const images = new Map<string, SimulatedImage>()

  const hasChildren = ({ id }: SimulatedImage) => [...images.values()].some(({ parent }) => parent === id)

  const store: ImageStore = {
    images,
    image: (reference) =>
      images.get(reference) ?? [...images.values()].find(({ references }) => references.has(withTag(reference))) ?? null,
    addImage({ reference, id = `sha256:${newId()}`, ...image }) {
      const made: SimulatedImage = {
        ...{ id, references: new Set<string>(), labels: {}, environment: {}, layers: [`sha256:${newId()}`] },
        ...{ parent: null, files: new Map<string, Buffer>(), createdAt: date() },
        ...image,
      }
      images.set(id, made)
      if (reference !== null) store.tag(made, reference)
      return made
    },
    tag(image, reference) {
      for (const other of images.values()) other.references.delete(withTag(reference))
      image.references.add(withTag(reference))
    },
    removeImage(reference) {
      const image = store.image(reference)
      if (!image) throw refusal(404, `No such image: ${reference}`)
      const byId = reference === image.id
      if (!byId && image.references.size > 1) {
        image.references.delete(withTag(reference))
        return
      }
      // The last name of an image that a container was made from.
      if (isUsed(image.id))
        throw refusal(
          409,
          `conflict: unable to remove repository reference "${reference}" (must force) - container is using its referenced image`,
        )
      if (hasChildren(image)) {
        if (byId && image.references.size === 0) throw refusal(409, 'conflict: image has dependent child images')
        image.references.clear()
        return
      }
      images.delete(image.id)
      // With it go those below that only it had kept.
      const below = images.get(image.parent ?? '')
      if (below?.references.size === 0 && !isUsed(below.id) && !hasChildren(below)) store.removeImage(below.id)
    },
    removeUnused: ({ id }) => void images.delete(id),
    loadImage({ hasLayer, disk, reference, ...image }) {
      const { layers } = image
      const withLowest = (count: number) =>
        [...images.values()].find((other) => layers.slice(0, count).every((layer, index) => layer === other.layers[index]))
      for (const [index, layer] of layers.entries()) {
        if (!hasLayer[index] && !withLowest(index + 1)) throw refusal(500, `open ${layer.slice(-8)}/layer.tar: no such file or directory`)
      }
      const existing = images.get(image.id)
      if (existing && reference) store.tag(existing, reference)
      if (existing) return
      const same = [...images.values()].find((other) => other.layers.join() === layers.join())
      const { content, files } = same ?? disk ?? { content: EMPTY, files: new Map<string, Buffer>() }
      store.addImage({ ...image, reference, content, files: new Map(files) })
    },
  }
  return store
}

function withTag(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1).includes(':') ? reference : `${reference}:latest`
}
