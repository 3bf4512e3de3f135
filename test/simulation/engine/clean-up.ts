import type { EngineState } from './engine-state'
import { DEFAULT_NETWORK, type SimulatedNetwork } from './network-store'
import { isRunning, type SimulatedContainer } from './simulated-container'
import type { SimulatedImage } from './simulated-image'
import { isPoolVolume } from './simulated-pool'
import type { SimulatedVolume } from './volume-store'

interface Prunable {
  containers: SimulatedContainer
  volumes: SimulatedVolume
  images: SimulatedImage
  networks: SimulatedNetwork
}

const PRUNES: { [What in keyof Prunable]: (state: EngineState) => Prunable[What][] } = {
  containers(state) {
    const stopped = [...state.containers.values()].filter((container) => !isRunning(container))
    for (const container of stopped) state.removeContainer(container, false)
    return stopped
  },
  volumes(state) {
    const unused = unusedVolumes(state)
    for (const { name } of unused) state.removeVolume(name)
    return unused
  },
  images(state) {
    const used = new Set([...state.containers.values()].map(({ imageId }) => imageId))
    // The newest first: an image is free of children once these are gone.
    const unused = [...state.images.values()].filter(({ id }) => !used.has(id)).reverse()
    for (const image of unused) state.removeUnused(image)
    return unused
  },
  networks(state) {
    const unused = [...state.networks.values()].filter((network) => network.name !== DEFAULT_NETWORK && !state.isNetworkActive(network))
    for (const { name } of unused) state.networks.delete(name)
    return unused
  },
}

/** Removes what `docker … prune --all --force` does, by what is pruned, and returns it. */
export function prune<What extends keyof Prunable>(state: EngineState, what: What): Prunable[What][] {
  return PRUNES[what](state)
}

/** Those that no container has, but for the pool's own. */
export function unusedVolumes(state: EngineState): SimulatedVolume[] {
  return [...state.volumes.values()].filter(({ name }) => state.usersOf(name).length === 0 && !isPoolVolume(name))
}
