import type { Core } from '../../../src/main/core'
import type { Workspace } from '../../../src/shared/workspace'
import type { Line } from '../engine/connection-model'
import type { EngineState } from '../engine/engine-state'
import type { SimulatedPlace, SimulatedPlaces } from '../engine/simulated-place'
import type { HostLedger } from '../host/host-ledger'
import type { Ledger } from '../ledger/ledger'
import type { Secrets } from '../secrets'
import type { Step } from '../steps'
import type { FileStore } from '../world/file-store'
import type { World } from '../world/world'

/** Names that have collided with those Berth made itself. */
export const NAMES = ['api', 'api-previous', 'api-replacement', 'api-docker', 'web'] as const

/** Where everybody acts. */
export interface Scene {
  world: World
  files: FileStore
  places: SimulatedPlaces
  /** The engine of this step, and the way to it: of a step on a workspace, that of the workspace. */
  place: string
  engine: EngineState
  line: Line
  ledger: Ledger
  secrets: Secrets
  hosts: HostLedger
  /** The process that runs; null while there is none. */
  core(): Core | null
  /** Ends the process, and begins another once `meanwhile` is done. */
  restart(meanwhile?: () => void): void
}

/** The scene at another engine. */
export function atPlace(scene: Scene, { id, engine, line }: SimulatedPlace): Scene {
  return { ...scene, place: id, engine, line }
}

/** What a step comes to: what is done to whom, in words, and the work; null when there is nothing that it could be done to. */
export type Act = {
  what: string
  work: Promise<unknown>
  /** The one engine that it needs; left out where it needs none or several. */
  place?: string | undefined
} | null

/** One of these, by a number from 0 to 1; null when there is none. */
export function choose<Item>(items: readonly Item[], by: number): Item | null {
  return items[Math.floor(by * items.length)] ?? null
}

/** A workspace that the step can be done to. */
export function chooseWorkspace(core: Core, { aim, by }: Step, fits: (workspace: Workspace) => boolean): string | null {
  if (aim === 'blind') return choose(NAMES, by[0])
  const found = core.workspaces.list().filter((one) => one.kind === 'container' && fits(one) && (aim === 'any' || one.operationId === null))
  return choose(found, by[0])?.name ?? null
}

/** A name that no workspace has; any of them for who does not look. */
export function chooseNewName(core: Core, { aim, by }: Step): string | null {
  const taken = new Set(core.workspaces.list().map(({ name }) => name))
  return choose(aim === 'blind' ? NAMES : NAMES.filter((name) => !taken.has(name)), by[1])
}
