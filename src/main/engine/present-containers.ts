import type Docker from 'dockerode'
import { nullIfMissing } from './engine-errors'

/** Of a container that is being removed, or whose removal failed. */
const MAYBE_GONE = new Set(['removing', 'dead'])

/**
 * The containers in the engine's list that really exist. A Docker 20.10 that was killed and restarted may keep listing a container that has
 * removed itself, as “dead” and until its next restart: no other call knows it, so it cannot be removed, and it uses nothing. One request,
 * and one more for each container listed as dead or as being removed.
 */
export async function presentContainers(docker: Docker, options: Docker.ContainerListOptions): Promise<Docker.ContainerInfo[]> {
  const listed = await docker.listContainers(options)
  const isThere = async ({ Id: id, State: state }: Docker.ContainerInfo) =>
    !MAYBE_GONE.has(state) || (await nullIfMissing(docker.getContainer(id).inspect())) !== null
  const areThere = await Promise.all(listed.map(isThere))
  return listed.filter((_, index) => areThere[index])
}
