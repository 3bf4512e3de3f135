import type { Agent } from 'node:http'
import type { DockerOptions } from 'dockerode'

/** The link to an engine, while it exists. */
export interface Link {
  /** How dockerode reaches it. */
  options: DockerOptions & { rejectUnauthorized?: boolean }
  /** Makes the connections in place of Node's own. */
  agent: Agent | null
  /** Someone in between can read and change everything. */
  isInsecure: boolean
  /** An engine that takes longer for a ping does not answer. */
  pingMs: number
  /** Called once if it ends on its own. */
  onEnd(listener: (cause: Error) => void): void
  /** Whether it can do the next; where it cannot, there are `PortTunnels`. */
  carriesPorts: boolean
  /** Makes a port of the engine's loopback the same port of this machine's, where that is needed. Throws ENGINE_PORT_UNAVAILABLE. */
  bringPort(port: number): Promise<void>
  dropPort(port: number): Promise<void>
  /** Resolves when it is completely closed. */
  close(): Promise<void>
}
