import type { ContainerSpec } from '../../../src/main/engine/containers'
import type { HelperSpec } from '../../../src/main/engine/helpers'
import type { Content } from './content'
import type { SimulatedEndpoint } from './network-store'
import type { RunningProgram } from './programs'

export interface SimulatedContainer {
  id: string
  name: string
  spec: ContainerSpec
  imageId: string
  /** Its own layer on top of its image's. */
  content: Content
  /** Those that were put into it, by their paths, and its image's. */
  files: Map<string, Buffer>
  /** The variables that were handed over to the run that is under way; null for none yet. */
  handedOver: Record<string, string> | null
  state: 'created' | 'running' | 'paused' | 'exited'
  exitCode: number
  /** Why its last start failed; empty when it did not. */
  error: string
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
  log: { time: Date; stream: 'stdout' | 'stderr'; text: string }[]
  /** Called at each new line, and when it ends. */
  watchers: Set<() => void>
  /** By their names; those that are gone too. */
  networks: Map<string, SimulatedEndpoint>
  /** Its limits have been changed since it was made. */
  wasLimited: boolean
  /** Of the run that is under way. */
  program: RunningProgram | null
  execs: Set<RunningProgram>
  /** A helper goes when it ends, and what it says goes to whoever started it, not into a log. */
  helper: { spec: HelperSpec; write(stream: 'stdout' | 'stderr', text: string | Buffer): void } | null
}

export function isRunning({ state }: SimulatedContainer): boolean {
  return state === 'running' || state === 'paused'
}
