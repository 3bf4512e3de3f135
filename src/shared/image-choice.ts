import { z } from 'zod'
import { DISTROS, type DistroId } from './distros'
import { BerthError } from './errors'

const ids = DISTROS.map(({ id }) => id)

export const distroSchema = z.enum(ids as [DistroId, ...DistroId[]], `Berth has images for ${ids.join(', ')}.`)

/** What a workspace is made from: an image by its reference, Berth's own image of a distribution, or, with neither, the one for new workspaces. */
export interface ImageChoice {
  image: string | null
  distro: DistroId | null
}

/** Nothing was chosen. */
export const NO_IMAGE_CHOICE: ImageChoice = { image: null, distro: null }

/** Throws INPUT_INVALID when both are given. */
export function assertOneImage({ image, distro }: { image?: string | null | undefined; distro?: DistroId | null | undefined }): void {
  if (!image || !distro) return
  const message = 'An image and a distribution cannot be combined: a distribution selects Berth’s own image for it.'
  throw new BerthError('INPUT_INVALID', message, { issues: [{ path: 'distro', message }], next: 'Leave out one of them.' })
}
