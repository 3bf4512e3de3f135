import type { Agent } from 'node:http'
import type { DockerOptions } from 'dockerode'

/** The way to an engine, while it is there. */
export interface Link {
  /** How dockerode reaches it. */
  options: DockerOptions & { rejectUnauthorized?: boolean }
  /** Makes the connections in place of Node's own. */
  agent: Agent | null
  /** Whoever is between can read and change all of it. */
  isInsecure: boolean
  /** An engine that takes longer for a ping does not answer. */
  pingMs: number
  /** Called once when it ends by itself. */
  onEnd(listener: (cause: Error) => void): void
  /** Whether it can do the next; where it cannot, there are `PortTunnels`. */
  carriesPorts: boolean
  /** Makes a port of the engine's loopback the same port of this machine's, where that is needed. Throws ENGINE_PORT_UNAVAILABLE. */
  bringPort(port: number): Promise<void>
  dropPort(port: number): Promise<void>
  /** Resolves when nothing of it is left. */
  close(): Promise<void>
}
