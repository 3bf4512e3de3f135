import type { FileStore } from './file-store'
import type { World } from './world'

/** What a simulated process finds around it: the modules of `modules/` stand where Node's would, and look here. */
interface Surroundings {
  world: World
  files: FileStore
  /** Ports of this machine that another program listens on. */
  isPortTaken(port: number): boolean
}

let current: Surroundings | null = null

/** For the run that begins; null for none. */
export function setSurroundings(surroundings: Surroundings | null): void {
  current = surroundings
}

/** Throws outside a run: whatever asks then would not replay. */
export function surroundings(): Surroundings {
  if (current === null) throw new Error('the simulated world was asked for something outside a run')
  return current
}
