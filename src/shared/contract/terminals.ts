import { z } from 'zod'
import { environmentSchema, timestampSchema, workspaceReferenceSchema } from '../workspace'
import { procedure } from './base'

export const MAX_COLUMNS = 1000
export const MAX_ROWS = 500

export const terminalSessionSchema = z.object({
  id: z.string(),
  workspaceId: z.string(),
  title: z.string().max(256),
  command: z.array(z.string()),
  user: z.enum(['workspace', 'root']),
  /** Without a tty, stdout and stderr come apart and the input can be ended. */
  tty: z.boolean(),
  cols: z.number().int(),
  rows: z.number().int(),
  createdAt: timestampSchema,
  /** null while it runs. */
  exitCode: z.number().int().nullable(),
  endedAt: timestampSchema.nullable(),
})
export type TerminalSession = z.infer<typeof terminalSessionSchema>

const bySession = z.object({ sessionId: z.string().max(64) })

/** Sessions are opened and closed here; their bytes travel on a stream channel of their own (`stream-frames.ts`). */
export const terminals = {
  list: procedure
    .route({ method: 'GET', path: '/terminals', tags: ['Terminals'], summary: 'All sessions' })
    .input(z.object({ workspace: workspaceReferenceSchema.optional() }))
    .output(z.array(terminalSessionSchema)),
  open: procedure
    .route({ method: 'POST', path: '/terminals', tags: ['Terminals'], summary: 'Open a session; attach to /stream/{id} for its bytes' })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        /** A login shell of the user if left out. */
        command: z.array(z.string().max(131_072)).min(1).max(1024).optional(),
        user: z.enum(['workspace', 'root']).default('workspace'),
        cwd: z.string().max(4096).startsWith('/').optional(),
        env: environmentSchema.optional(),
        tty: z.boolean().default(true),
        /** Ends with its first channel: for a command line, which nobody comes back to. */
        ephemeral: z.boolean().default(false),
        cols: z.number().int().min(2).max(MAX_COLUMNS).default(80),
        rows: z.number().int().min(1).max(MAX_ROWS).default(24),
      }),
    )
    .output(terminalSessionSchema),
  close: procedure
    .route({ method: 'DELETE', path: '/terminals/{sessionId}', tags: ['Terminals'], summary: 'End a session and what runs in it' })
    .input(bySession)
    .output(terminalSessionSchema),
}
