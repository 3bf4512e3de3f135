import { z } from 'zod'
import { MOST_LOG_LINES } from '../log-stream'
import { workspaceReferenceSchema } from '../workspace'
import { procedure } from './base'

/**
 * Where a workspace's lines come from: what its container writes, the scripts at its creation and start, how it was made, the builds of its
 * dev container, the engine inside it, its ssh server.
 */
export const logSourceSchema = z.enum(['container', 'init', 'post-start', 'build', 'devcontainer', 'engine', 'ssh'])
export type LogSourceName = z.infer<typeof logSourceSchema>

const timeSchema = z.iso.datetime({ offset: true })

/** Which lines. Lines of a file whose time is not known count with the line before them. */
export const logRange = {
  source: logSourceSchema.default('container'),
  since: timeSchema.optional().describe('Only lines from this time on.'),
  until: timeSchema.optional().describe('Only lines up to this time. Not with `follow`.'),
}

export const logSourceInfoSchema = z.object({
  source: logSourceSchema,
  bytes: z.number().int().nonnegative().nullable().describe('null if the engine does not report it.'),
})
export type LogSourceInfo = z.infer<typeof logSourceInfoSchema>

/** A log stream is opened here; its lines travel on a channel of their own (`log-stream.ts`). */
export const logs = {
  sources: procedure
    .route({ method: 'GET', path: '/workspaces/{workspace}/log-sources', tags: ['Workspaces'], summary: 'List the logs of a workspace' })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(z.array(logSourceInfoSchema)),
  open: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/log-streams',
      tags: ['Workspaces'],
      summary: 'Open a log stream; attach to /stream/{id} for its lines',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        ...logRange,
        follow: z.boolean().default(false),
        tail: z.number().int().min(0).max(MOST_LOG_LINES).default(MOST_LOG_LINES),
        newestFirst: z
          .boolean()
          .default(false)
          .describe('Send the last lines at once and older lines afterwards, as history. Otherwise all lines are sent in order.'),
      }),
    )
    .output(z.object({ streamId: z.string() })),
}
