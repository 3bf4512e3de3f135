import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { timestampSchema, workspaceReferenceSchema } from '../workspace'
import { workspaceProcessSchema } from '../workspace-process'
import { procedure } from './base'

/** Figures of one workspace over the second or so before `time`. */
export const statsSampleSchema = z.object({
  time: timestampSchema,
  /** Processors in use: 1.5 is one and a half. */
  cpus: z.number().nonnegative(),
  /** Without the page cache, as “docker stats” counts. */
  memoryBytes: z.number().nonnegative(),
  /** What it may take; of the whole engine when it has no limit. */
  memoryLimitBytes: z.number().nonnegative(),
  /** Bytes a second. */
  networkReceived: z.number().nonnegative(),
  networkSent: z.number().nonnegative(),
  diskRead: z.number().nonnegative(),
  diskWritten: z.number().nonnegative(),
  /** Processes and threads. */
  processes: z.number().nonnegative(),
})
export type StatsSample = z.infer<typeof statsSampleSchema>

export const stats = {
  watch: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/stats',
      tags: ['Workspaces'],
      summary: 'Stream usage figures of a running workspace as server-sent events, about one per second; starts with the last minutes',
    })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(eventIterator(z.array(statsSampleSchema))),
  processes: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/processes',
      tags: ['Workspaces'],
      summary: 'List the processes in a running workspace, including nested containers; for a host workspace, those that Berth started',
    })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(z.array(workspaceProcessSchema)),
}
