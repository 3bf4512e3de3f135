import { z } from 'zod'

/** A process in a workspace, as it was when it was asked for. */
export const workspaceProcessSchema = z.object({
  /** As the machine of the engine counts; inside the container the same process has another number. */
  pid: z.number().int().nonnegative(),
  parentPid: z.number().int().nonnegative(),
  /** Seconds since it began. */
  age: z.number().nonnegative(),
  /** Seconds of one processor that it has used. */
  cpuTime: z.number().nonnegative(),
  /** Its memory, including shared pages. */
  memoryBytes: z.number().nonnegative(),
  /** Program and arguments; a name in brackets for what has none. */
  command: z.string(),
})
export type WorkspaceProcess = z.infer<typeof workspaceProcessSchema>

/** Kept of a command; some are endless. */
export const COMMAND_LENGTH = 4096
