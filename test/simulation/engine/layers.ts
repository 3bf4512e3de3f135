import type { EngineState } from './engine-state'
import type { SimulatedContainer } from './simulated-container'
import type { SimulatedImage } from './simulated-image'

/** An image of the container's layer on top of its own image's, with the settings of both, but for the variables that are to be blank. */
export function commit(state: EngineState, container: SimulatedContainer, reference: string, blank: string[] = []): SimulatedImage {
  state.assertSpace()
  const { layers = [], environment } = state.images.get(container.imageId) ?? {}
  const { content, files, imageId: parent, spec } = container
  return state.addImage({
    ...{ reference, content, parent, files: new Map(files), labels: spec.labels },
    environment: { ...environment, ...spec.environment, ...Object.fromEntries(blank.map((name) => [name, ''])) },
    layers: [...layers, `sha256:${state.newId()}`],
  })
}

/** An image of all its files in one layer, with the settings of its image. */
export function flatten(state: EngineState, container: SimulatedContainer, reference: string): void {
  state.assertSpace()
  const { environment, labels } = state.images.get(container.imageId) ?? {}
  const { content, files } = container
  state.addImage({ reference, content, files: new Map(files), labels: { ...labels }, environment: { ...environment } })
}
