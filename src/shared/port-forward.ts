import { z } from 'zod'
import { problemSchema } from './error-definitions'
import { portSchema } from './workspace'

/** A program in a workspace that waits for TCP connections. */
export const portListenerSchema = z.object({
  port: portSchema,
  /** Where it can be reached from within the workspace. */
  host: z.string(),
  /** Name of the program; null if unknown. */
  process: z.string().nullable(),
  /** Name of the nested container it is in; null for the workspace itself, also for a port that a container publishes there. */
  container: z.string().nullable(),
  /** The nested container behind a published port. */
  publishedBy: z.string().nullable(),
})
export type PortListener = z.infer<typeof portListenerSchema>

/** A port of this machine, on loopback, that leads to one in a workspace. */
export const portForwardSchema = z.object({
  port: portSchema,
  /** Name of the nested container; null for the workspace itself. */
  container: z.string().nullable(),
  /** While it is open, the port it listens on; else the one it will ask for. */
  localPort: portSchema,
  /** What was asked for: another one is taken when a program has it. */
  wantedLocalPort: portSchema,
  /** `waiting` for its workspace to run. */
  status: z.enum(['open', 'waiting', 'failed']),
  problem: problemSchema.nullable(),
  /** `kept` is remembered; `automatic` ends with its listener, `temporary` with the request for it. */
  kind: z.enum(['kept', 'automatic', 'temporary']),
})
export type PortForward = z.infer<typeof portForwardSchema>

/** What listens in a workspace, and what leads there. */
export const workspacePortsSchema = z.object({
  workspaceId: z.string(),
  /** null while they are not known: it does not run, or its image has no watcher. By port. */
  listeners: z.array(portListenerSchema).nullable(),
  /** By port. */
  forwards: z.array(portForwardSchema),
})
export type WorkspacePorts = z.infer<typeof workspacePortsSchema>
