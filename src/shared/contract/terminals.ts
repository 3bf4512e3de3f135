import { z } from 'zod'
import { containerReferenceSchema } from '../container-name'
import { environmentSchema } from '../environment'
import { execUserSchema } from '../exec-user'
import { terminalLayoutSchema, terminalTabsSchema } from '../terminal-layout'
import { timestampSchema, workspaceReferenceSchema } from '../workspace'
import { procedure } from './base'

export const MAX_COLUMNS = 1000
export const MAX_ROWS = 500

/** What runs in a session: a login shell (root's for `root`), a shell in a container of the nested engine, any command, or ssh. */
export const sessionKindSchema = z.enum(['shell', 'root', 'nested', 'command', 'ssh'])
export type SessionKind = z.infer<typeof sessionKindSchema>

export const sessionSignalSchema = z.enum(['HUP', 'INT', 'QUIT', 'KILL', 'TERM', 'USR1', 'USR2'])
export type SessionSignal = z.infer<typeof sessionSignalSchema>

export const terminalSessionSchema = z.object({
  id: z.string(),
  workspaceId: z.string(),
  kind: sessionKindSchema,
  /** Given by a person; it wins over the title. */
  name: z.string().max(64).nullable(),
  /** What the program calls itself. */
  title: z.string().max(256),
  command: z.array(z.string()),
  user: z.string(),
  /** The container of the nested engine that it is in. */
  container: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Without a tty, stdout and stderr come apart and the input can be ended. */
  tty: z.boolean(),
  cols: z.number().int(),
  rows: z.number().int(),
  createdAt: timestampSchema,
  /**
   * `waiting`: nothing is running, its screen is kept, and a new process starts when what it waits for is available (see `statusDetail`).
   */
  status: z.enum(['running', 'ended', 'waiting']),
  statusDetail: z.string().max(1000).nullable(),
  /** null unless it has ended. */
  exitCode: z.number().int().nullable(),
  endedAt: timestampSchema.nullable(),
})
export type TerminalSession = z.infer<typeof terminalSessionSchema>

export const nestedContainerSchema = z.object({
  id: z.string(),
  name: z.string(),
  image: z.string(),
  status: z.string().describe('Status as reported by the nested engine, such as “Up 3 minutes”.'),
})
export type NestedContainer = z.infer<typeof nestedContainerSchema>

const sessionId = z.string().max(64)
const bySession = z.object({ sessionId })

/** Sessions are opened and closed here; their bytes travel on a stream channel of their own (`stream-frames.ts`). */
export const terminals = {
  list: procedure
    .route({ method: 'GET', path: '/terminals', tags: ['Terminals'], summary: 'List all sessions' })
    .input(z.object({ workspace: workspaceReferenceSchema.optional() }))
    .output(z.array(terminalSessionSchema)),
  open: procedure
    .route({ method: 'POST', path: '/terminals', tags: ['Terminals'], summary: 'Open a session; attach to /stream/{id} for its bytes' })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        kind: sessionKindSchema
          .optional()
          .describe('Default: `command` with a command, `nested` with a container, `root` for the user root, otherwise `shell`.'),
        command: z
          .array(z.string().max(131_072))
          .min(1)
          .max(1024)
          .optional()
          .describe('Program and arguments, run without a shell. In a container, over ssh and in a shell session it replaces the shell.'),
        container: containerReferenceSchema.optional().describe('Name or id of a container of the nested engine, for `nested`.'),
        name: z.string().trim().max(64).nullable().optional(),
        /** Left out: root for `root`, else workspace. */
        user: execUserSchema.optional(),
        cwd: z.string().max(4096).startsWith('/').optional(),
        env: environmentSchema.optional(),
        tty: z.boolean().default(true),
        start: z.boolean().default(false).describe('Start the workspace first if it is stopped.'),
        outside: z.boolean().default(false).describe('Run in the workspace itself, even if its dev container is running.'),
        /** Ends with its last channel: for a command line, which nobody comes back to. */
        ephemeral: z.boolean().default(false),
        cols: z.number().int().min(2).max(MAX_COLUMNS).default(80),
        rows: z.number().int().min(1).max(MAX_ROWS).default(24),
      }),
    )
    .output(terminalSessionSchema),
  update: procedure
    .route({ method: 'PATCH', path: '/terminals/{sessionId}', tags: ['Terminals'], summary: 'Name a session or remove its name' })
    .input(bySession.extend({ name: z.string().trim().max(64).nullable() }))
    .output(terminalSessionSchema),
  restart: procedure
    .route({
      method: 'POST',
      path: '/terminals/{sessionId}/restart',
      tags: ['Terminals'],
      summary: 'Run the command of a session again; ends it first if it is running, and keeps the screen',
    })
    .input(bySession)
    .output(terminalSessionSchema),
  signal: procedure
    .route({
      method: 'POST',
      path: '/terminals/{sessionId}/signal',
      tags: ['Terminals'],
      summary: 'Send a signal to the processes of a session',
    })
    .input(bySession.extend({ signal: sessionSignalSchema }))
    .output(terminalSessionSchema),
  close: procedure
    .route({ method: 'DELETE', path: '/terminals/{sessionId}', tags: ['Terminals'], summary: 'Close a session and end what runs in it' })
    .input(bySession)
    .output(terminalSessionSchema),
  nestedContainers: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/nested-containers',
      tags: ['Terminals'],
      summary: 'List the running containers of the engine inside a workspace',
    })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(z.array(nestedContainerSchema)),
  layouts: {
    get: procedure
      .route({
        method: 'GET',
        path: '/workspaces/{workspace}/terminal-layout',
        tags: ['Terminals'],
        summary: 'Get the tabs and splits of a workspace’s sessions',
      })
      .input(z.object({ workspace: workspaceReferenceSchema }))
      .output(terminalLayoutSchema),
    set: procedure
      .route({
        method: 'PUT',
        path: '/workspaces/{workspace}/terminal-layout',
        tags: ['Terminals'],
        summary: 'Replace the tabs and splits; sessions that no longer exist are left out',
      })
      .input(
        z.object({
          workspace: workspaceReferenceSchema,
          tabs: terminalTabsSchema,
          activeTab: z.string().max(64).nullable().default(null),
        }),
      )
      .output(terminalLayoutSchema),
  },
}
