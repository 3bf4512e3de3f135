import { createPrefixedWorld, type World } from '../world/world'
import { createLine, type Line } from './connection-model'
import type { Content } from './content'
import { createEngineState, type EngineOptions, type EngineState } from './engine-state'

/** One of the engines that Berth uses, with the way to it. */
export interface SimulatedPlace {
  /** As records name it; users call it the same. */
  id: string
  engine: EngineState
  line: Line
}

/** All of them; they share nothing but the ports of this machine. */
export interface SimulatedPlaces {
  list: readonly SimulatedPlace[]
  /** Throws for one that there is not. */
  at(id: string): SimulatedPlace
}

export const LOCAL = 'local'
export const FAR = 'far'
/** Ids and contents of the second engine begin here, so that none is ever taken for one of the first. */
const FIRST_OF_FAR = 1_000_000

export function createSimulatedPlaces(world: World, ids: readonly string[], options: EngineOptions): SimulatedPlaces {
  const origins = new Map<Content, Content>()
  const list = ids.map((id): SimulatedPlace => {
    const own = id === LOCAL ? world : createPrefixedWorld(world, id)
    const isPortTaken = (port: number) => options.isPortTaken(port) || list.some((other) => other.id !== id && other.engine.publishes(port))
    const engine = createEngineState(own, { ...options, isPortTaken, origins, first: id === LOCAL ? 0 : FIRST_OF_FAR })
    return { id, engine, line: createLine(own) }
  })
  return {
    list,
    at(id) {
      const found = list.find((place) => place.id === id)
      if (!found) throw new Error(`there is no engine ${id}`)
      return found
    },
  }
}
