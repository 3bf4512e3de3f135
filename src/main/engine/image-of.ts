import type Docker from 'dockerode'
import { BerthError } from '../../shared/errors'
import { imageReferenceProblem } from '../../shared/image-reference'

/** dockerode puts the reference into the path as it is. Throws IMAGE_UNAVAILABLE for what is no reference. */
export function imageOf(docker: Docker, reference: string): Docker.Image {
  const reason = imageReferenceProblem(reference)
  if (reason === null) return docker.getImage(reference.split('/').map(encodeURIComponent).join('/'))
  throw new BerthError('IMAGE_UNAVAILABLE', `The image “${reference.slice(0, 200)}” does not exist. ${reason}`, {
    image: reference.slice(0, 512),
    tried: [{ source: 'local', reason }],
    next: 'Check the name of the image.',
  })
}
