import type { ContainerDetails } from '../../engine/containers'
import type { Engine } from '../../engine/engine'
import { givenVariables, identityVariables } from './environment'
import { hasNeverHeldSecrets } from './workspace-resources'

/** Variables in the configuration of a container, where older Berths put them: no engine can change them there. */
export interface FormerVariables {
  /** Has to be called before `of` knows the container. Asks the engine nothing for one that this Berth has created, or that it knows. */
  look(engine: Pick<Engine, 'images'>, container: ContainerDetails): Promise<void>
  /** What each is without Berth: the value of the container's image, null for none. */
  of(containerId: string): Record<string, string | null>
}

export function createFormerVariables(): FormerVariables {
  const known = new Map<string, Record<string, string | null>>()
  const identity = identityVariables({ id: '', name: '' })
  return {
    async look({ images }, container) {
      if (known.has(container.id) || hasNeverHeldSecrets(container)) return
      const image = await images.inspect(container.imageId)
      // Without its image, the image's own variables are unknown.
      const given = image === null ? [] : givenVariables(container, image).filter(([name]) => !(name in identity))
      known.set(container.id, Object.fromEntries(given.map(([name]) => [name, image?.environment[name] ?? null])))
    },
    of: (containerId) => known.get(containerId) ?? {},
  }
}
