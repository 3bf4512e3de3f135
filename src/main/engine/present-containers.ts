import type Docker from 'dockerode'
import { nullIfMissing } from './engine-errors'

/** Of a container that is being removed, or whose removal failed. */
const MAYBE_GONE = new Set(['removing', 'dead'])

/**
 * The containers of the engine's list that are there. A Docker 20.10 that was killed and is started again may go on listing one that has
 * removed itself meanwhile, as “dead” and until it is started once more: no other call knows that one, so nothing can remove it, and it
 * holds nothing. One request, and one more for each that is listed as dead or as being removed.
 */
export async function presentContainers(docker: Docker, options: Docker.ContainerListOptions): Promise<Docker.ContainerInfo[]> {
  const listed = await docker.listContainers(options)
  const isThere = async ({ Id: id, State: state }: Docker.ContainerInfo) =>
    !MAYBE_GONE.has(state) || (await nullIfMissing(docker.getContainer(id).inspect())) !== null
  const areThere = await Promise.all(listed.map(isThere))
  return listed.filter((_, index) => areThere[index])
}
