import type { ImageSummary } from '../../engine/images'

type Image = Pick<ImageSummary, 'sizeBytes' | 'layers'>

/** Bytes of an image that are not in the largest of `bases` below it. */
export function bytesAbove(image: Image, bases: Image[]): number {
  const below = bases.filter((base) => base.layers.length < image.layers.length && isBelow(base, image))
  return Math.max(0, image.sizeBytes - Math.max(0, ...below.map(({ sizeBytes }) => sizeBytes)))
}

/** Bytes of all of them on disk: layers that one has of another count once. */
export function bytesTogether(images: Image[]): number {
  const distinct = [...new Map(images.map((image) => [image.layers.join(), image])).values()]
  return distinct.reduce((total, image) => total + bytesAbove(image, distinct), 0)
}

function isBelow(base: Image, image: Image): boolean {
  return base.layers.every((layer, index) => image.layers[index] === layer)
}
