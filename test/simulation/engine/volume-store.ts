import type { World } from '../world/world'
import { type Content, EMPTY } from './content'
import { refusal } from './refusal'
import type { SimulatedContainer } from './simulated-container'
import { createSimulatedPool, emptyPool, isPoolVolume, type SimulatedPool, subvolumeOf } from './simulated-pool'

export interface SimulatedVolume {
  name: string
  labels: Record<string, string>
  options: Record<string, string>
  createdAt: Date
  content: Content
}

export interface VolumeStore {
  volumes: Map<string, SimulatedVolume>
  pool: SimulatedPool
  createVolume(name: string, labels: Record<string, string>, options: Record<string, string>): SimulatedVolume
  removeVolume(name: string): void
  /** What is in the volume of that name, or in a subvolume of the pool that has lost its volume; null for neither. */
  contentOf(volume: string): Content | null
}

interface Surroundings {
  world: World
  date: () => Date
  usersOf: (volume: string) => SimulatedContainer[]
}

export function createVolumeStore({ world, date, usersOf }: Surroundings): VolumeStore {
  const volumes = new Map<string, SimulatedVolume>()
  const pool = createSimulatedPool()

  return {
    volumes,
    pool,
    createVolume(name, labels, options) {
      const existing = volumes.get(name)
      if (existing) return existing
      const volume = { name, labels, options, createdAt: date(), content: EMPTY }
      const subvolume = subvolumeOf(options)
      if (subvolume !== null) {
        Object.defineProperty(volume, 'content', {
          get: () => pool.subvolumes.get(subvolume) ?? EMPTY,
          set: (content: Content) => void pool.subvolumes.set(subvolume, content),
        })
      }
      volumes.set(name, volume)
      world.trace(`engine volume ${name}`)
      return volume
    },
    removeVolume(name) {
      if (!volumes.has(name)) throw refusal(404, `get ${name}: no such volume`)
      const users = usersOf(name)
      if (users.length > 0) throw refusal(409, `remove ${name}: volume is in use - [${users.map(({ id }) => id).join(', ')}]`)
      volumes.delete(name)
      if (isPoolVolume(name)) emptyPool(pool)
      world.trace(`engine volume removed ${name}`)
    },
    contentOf: (volume) => volumes.get(volume)?.content ?? pool.subvolumes.get(volume) ?? null,
  }
}
