import type { Content } from '../engine/content'
import type { EngineState } from '../engine/engine-state'
import type { SimulatedContainer } from '../engine/simulated-container'
import { Violation } from '../violation'

/** What belongs to others on one engine, which Berth is to leave as it is. */
export interface Foreigners {
  container(id: string): void
  volume(name: string): void
  /** One that Berth may adopt. */
  workspace(container: SimulatedContainer): void
  /** That it is another's, and none of a workspace that Berth may adopt. */
  hasVolume(name: string): boolean
  /** By somebody else: a container's id, or a volume's name. */
  removed(what: string): void
  /** What an adopted one is to hold; null for what is no such workspace. */
  contentOf(containerId: string): { home: Content; docker: Content; layer: Content } | null
  /** From now on it is Berth's. */
  adopted(containerId: string): void
  /** Throws a `Violation`. `isBusy`: Berth is at work on that container. */
  check(isBusy: (containerId: string) => boolean): void
}

export function createForeigners(engine: EngineState): Foreigners {
  const containers = new Map<string, { name: string; content: Content }>()
  const volumes = new Map<string, Content>()
  const workspaces = new Map<string, { home: string; docker: string }>()

  function volume(name: string): void {
    volumes.set(name, engine.volumes.get(name)?.content ?? 0)
  }
  const container = ({ id, name, content }: SimulatedContainer) => containers.set(id, { name, content })

  return {
    container: (id) => void container(engine.find(id)),
    volume,
    hasVolume: (name) => volumes.has(name) && ![...workspaces.values()].some(({ home, docker }) => home === name || docker === name),
    workspace(made) {
      container(made)
      const [home = '', docker = ''] = made.spec.volumes.map(({ name }) => name)
      for (const name of [home, docker]) volume(name)
      workspaces.set(made.id, { home, docker })
    },
    removed(what) {
      containers.delete(what)
      volumes.delete(what)
      workspaces.delete(what)
    },
    contentOf(id) {
      const found = workspaces.get(id)
      return found
        ? { home: volumes.get(found.home) ?? 0, docker: volumes.get(found.docker) ?? 0, layer: containers.get(id)?.content ?? 0 }
        : null
    },
    adopted(id) {
      const found = workspaces.get(id)
      for (const what of [id, found?.home ?? '', found?.docker ?? '']) this.removed(what)
    },
    check(isBusy) {
      for (const [id, { name, content }] of containers) {
        if (isBusy(id)) continue
        const found = engine.containers.get(id)
        if (!found) throw new Violation('c', `the container ${name} of another is gone`)
        // Berth had it under another name for a moment, and somebody else took its own meanwhile: it cannot have that back.
        const isNameTaken = [...engine.containers.values()].some((other) => other.id !== id && other.name === name)
        if ((found.name !== name && !isNameTaken) || found.content !== content)
          throw new Violation('c', `the container ${name} of another was changed (${found.name})`)
      }
      for (const [name, content] of volumes) {
        if (engine.volumes.get(name)?.content !== content) throw new Violation('c', `the volume ${name} of another is gone or was changed`)
      }
    },
  }
}
