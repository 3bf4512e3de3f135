import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { adoptableSchema } from '../adoptable'
import { creationRepos } from '../creation-repos'
import { environmentSchema, shownEnvironmentSchema } from '../environment'
import { execUserSchema } from '../exec-user'
import { hostPathSchema } from '../host-path'
import { distroSchema } from '../image-choice'
import { imageReferenceSchema } from '../image-reference'
import { operationSchema } from '../operation'
import { repositoryStatusSchema } from '../repository-status'
import { storageDriverSchema } from '../storage-driver-name'
import { workspaceReferenceSchema, workspaceSchema } from '../workspace'
import { changeShape, creationShape } from '../workspace-configuration/configuration'
import { procedure } from './base'
import { engineReferenceSchema } from './engines'
import { logRange } from './logs'

/** What a change of more than one step answers with: the operation, and the workspace as it is at that moment. */
export const startedSchema = z.object({ operation: operationSchema, workspace: workspaceSchema })

/** With `wait`, the answer comes when the operation has ended, and its failure is the call's failure. */
const wait = z.boolean().default(false).describe('Answer only when the operation has ended.')

/** Only for a Swarm. */
const constraints = z
  .array(z.string().min(3).max(256))
  .max(20)
  .optional()
  .describe('What a node has to be like where `engine` is a Swarm, as in `docker service create --constraint`.')

const creation = {
  /** Checked by `checkWorkspaceName`, which gives the reason; here only bounded. */
  name: z.string().max(1024).describe('a-z, 0-9 and dashes; at most 63 characters.'),
  ...creationShape,
  engine: engineReferenceSchema.optional(),
  constraints,
  ...creationRepos,
  template: workspaceReferenceSchema
    .optional()
    .describe(
      'Made from this template on first creation: a workspace that is one, or a file of the library (`library:ID` where both have the name). What else is given takes precedence over it.',
    ),
  host: z
    .object({
      folder: hostPathSchema.optional().describe('Made if it is not there; one of its name in the folder of the settings if left out.'),
      confirmed: z.boolean().optional().describe('That it is not isolated is known. Needed once: it sets `hostWorkspaces`.'),
    })
    .optional()
    .describe('Not in a container: a folder on the machine that Berth runs on, with all rights of its user.'),
}

const filePath = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes('\0'), 'A path cannot hold a NUL.')

/** git's answers end with the line. */
const credentialText = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .refine((text) => !/\p{Cc}/u.test(text), 'A user name or password has no control characters.')

const reveal = z.boolean().default(false).describe('With the values.')

const byReference = z.object({ workspace: workspaceReferenceSchema, wait })

/** What a workspace would be rebuilt from; its own choice where nothing is given. */
const rebuildTarget = {
  image: imageReferenceSchema.optional().describe('Another image; the one it has if left out, as new as there is.'),
  distro: distroSchema.optional().describe('Berth’s image of that distribution instead.'),
}

export const rebuildPreviewSchema = z.object({
  /** What its container would be made from. */
  image: z.string(),
  /** Where that would come from: already on the engine, pulled, or built. */
  source: z.enum(['local', 'published', 'bundled']),
  packages: z.array(z.string()).nullable().describe('What was installed by hand with its package manager; null where that cannot be told.'),
  unknown: z.string().nullable().describe('Why it cannot be told.'),
})
export type RebuildPreview = z.infer<typeof rebuildPreviewSchema>

/** A procedure that begins an operation, and has to be told the workspace only. */
const onWorkspace = (method: 'POST' | 'DELETE', path: '' | `/${string}`, summary: string) =>
  procedure
    .route({ method, path: `/workspaces/{workspace}${path}`, tags: ['Workspaces'], summary })
    .input(byReference)
    .output(startedSchema)

/** The router hands these to the function of the same name in the core. */
const plainOperations = {
  restart: onWorkspace('POST', '/restart', 'Stop, then start'),
  rerunInit: onWorkspace('POST', '/rerun-init', 'Run its init script again, as root'),
}
type PlainOperation = keyof typeof plainOperations
export const PLAIN_OPERATIONS = Object.keys(plainOperations) as PlainOperation[]

export const execResultSchema = z.object({
  exitCode: z.number().int().nullable().describe('null when it was ended by the timeout.'),
  stdout: z.string(),
  stderr: z.string(),
  timedOut: z.boolean(),
  truncated: z.boolean().describe('More than `maxOutputBytes` came on one stream; the rest is left out.'),
})
export type ExecResult = z.infer<typeof execResultSchema>

/** `started` comes first, `exit` last. */
export const execEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started') }),
  z.object({ type: z.enum(['stdout', 'stderr']), data: z.base64().describe('The bytes, in Base64.') }),
  z.object({
    type: z.literal('exit'),
    exitCode: z.number().int().nullable().describe('null when it was ended by the timeout.'),
    timedOut: z.boolean(),
  }),
])
export type ExecEvent = z.infer<typeof execEventSchema>

/** 10 MB of bytes in Base64, and more. */
const MAX_STDIN_CHARACTERS = 16_777_216
export const DEFAULT_OUTPUT_BYTES = 8 * 1024 * 1024

const execution = {
  workspace: workspaceReferenceSchema,
  command: z.array(z.string().max(131_072)).min(1).max(1024).describe('Program and arguments; no shell in between.'),
  user: execUserSchema.default('workspace').describe('A name or a number inside the workspace.'),
  cwd: z.string().max(4096).startsWith('/').optional().describe('The repository, or the home folder, if left out.'),
  env: environmentSchema.optional(),
  stdin: z.string().max(MAX_STDIN_CHARACTERS).optional(),
  timeoutSeconds: z.number().positive().max(86_400).optional().describe('Then the command and all it started are ended.'),
  start: z.boolean().default(false).describe('Start the workspace first if it is stopped.'),
  outside: z.boolean().default(false).describe('In the workspace itself, also when its dev container is up.'),
}

export const logEntrySchema = z.object({
  time: z.iso.datetime({ offset: true }).nullable(),
  stream: z.enum(['stdout', 'stderr']),
  text: z.string(),
})
export type LogEntry = z.infer<typeof logEntrySchema>

/** A batch of lines; `missed` counts those left out because the reader was too slow to take them. */
export const logBatchSchema = z.object({ entries: z.array(logEntrySchema), missed: z.number().int().nonnegative() })
export type LogBatch = z.infer<typeof logBatchSchema>

export const workspaces = {
  list: procedure
    .route({ method: 'GET', path: '/workspaces', tags: ['Workspaces'], summary: 'All workspaces' })
    .output(z.array(workspaceSchema)),
  get: procedure
    .route({ method: 'GET', path: '/workspaces/{workspace}', tags: ['Workspaces'], summary: 'One workspace' })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(workspaceSchema),
  create: procedure
    .route({ method: 'POST', path: '/workspaces', tags: ['Workspaces'], summary: 'Create and start; refused if the name is taken' })
    .input(z.object({ ...creation, wait }))
    .output(startedSchema),
  importGithub: procedure
    .route({
      method: 'POST',
      path: '/workspaces/import-github',
      tags: ['Workspaces'],
      summary: 'Create and start one for a repository of GitHub, which is asked first',
    })
    .input(
      z.object({
        repository: z.string().max(4096).describe('OWNER/REPO, or an address of the repository or of a page of it.'),
        name: z.string().max(1024).optional().describe('Like the repository’s, and free, if left out.'),
        pullRequest: z.number().int().positive().optional().describe('Its number: checked out instead of a branch.'),
        ...creationShape,
        engine: engineReferenceSchema.optional(),
        constraints,
        wait,
      }),
    )
    .output(startedSchema),
  start: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{name}/start',
      tags: ['Workspaces'],
      summary: 'Start; created first if there is none of that name',
    })
    .input(
      z.object({
        ...creation,
        recreate: z.boolean().optional().describe('Make what was removed outside Berth again, without what was in it.'),
        wait,
      }),
    )
    .output(startedSchema),
  stop: procedure
    .route({ method: 'POST', path: '/workspaces/{workspace}/stop', tags: ['Workspaces'], summary: 'Stop; its volumes are kept' })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        now: z
          .boolean()
          .default(false)
          .describe('Do not wait for what is inside: ask it to end, and kill it soon after. Also hurries a stop that is under way.'),
        wait,
      }),
    )
    .output(startedSchema),
  ...plainOperations,
  delete: procedure
    .route({
      method: 'DELETE',
      path: '/workspaces/{workspace}',
      tags: ['Workspaces'],
      summary: 'Delete container, volumes and record; cannot be undone',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        removeFolder: z.boolean().default(false).describe('Of a host workspace: also its folder, if Berth created that.'),
        wait,
      }),
    )
    .output(startedSchema),
  sync: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/sync',
      tags: ['Workspaces'],
      summary: 'Copy what has changed of the files and credentials that it has from this machine',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        force: z.boolean().default(false).describe('Overwrite, or remove, also what was changed inside.'),
        wait,
      }),
    )
    .output(startedSchema),
  clone: procedure
    .route({ method: 'POST', path: '/workspaces/{workspace}/clone', tags: ['Workspaces'], summary: 'A second workspace exactly like it' })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        name: z.string().max(1024).describe('Of the clone.'),
        stop: z.boolean().default(false).describe('Stop the source for a clean copy; it is started again whatever happens.'),
        start: z.boolean().default(true).describe('Start the clone.'),
        engine: engineReferenceSchema.optional().describe('Name or id of the engine to make it on; that of the source if left out.'),
        constraints,
        wait,
      }),
    )
    .output(startedSchema),
  rename: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/rename',
      tags: ['Workspaces'],
      summary: 'Another name; data, port and snapshots stay',
    })
    .input(z.object({ workspace: workspaceReferenceSchema, name: z.string().max(1024), wait }))
    .output(startedSchema),
  move: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/move',
      tags: ['Workspaces'],
      summary: 'To the pool or back to plain volumes; snapshots stay where they are',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        driver: storageDriverSchema,
        stop: z.boolean().default(false).describe('Also when it runs: it is stopped, and started again.'),
        wait,
      }),
    )
    .output(startedSchema),
  relocate: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/relocate',
      tags: ['Workspaces'],
      summary: 'To another engine, with its snapshots; one that runs is stopped for the last part, and started there',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        engine: engineReferenceSchema,
        constraints,
        dropSnapshots: z.boolean().default(false).describe('Its snapshots do not go along: they are deleted at the end.'),
        wait,
      }),
    )
    .output(startedSchema),
  rebuild: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/rebuild',
      tags: ['Workspaces'],
      summary: 'A new container from another image, or from the newest of its own; volumes and port stay',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        ...rebuildTarget,
        snapshot: z.boolean().default(true).describe('Keep the state before as an automatic snapshot.'),
        reinstall: z.boolean().default(false).describe('Install the packages again that were installed by hand.'),
        wait,
      }),
    )
    .output(startedSchema),
  rebuildPreview: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/rebuild-preview',
      tags: ['Workspaces'],
      summary: 'What a rebuild would use, and which packages it would leave behind',
    })
    .input(z.object({ workspace: workspaceReferenceSchema, ...rebuildTarget }))
    .output(rebuildPreviewSchema),
  update: procedure
    .route({
      method: 'PATCH',
      path: '/workspaces/{workspace}',
      tags: ['Workspaces'],
      summary: 'Change what was chosen for it: label, environment, scripts, limits, whether it is a template',
    })
    .input(z.object({ workspace: workspaceReferenceSchema, ...changeShape }))
    .output(workspaceSchema),
  setRepoCredential: procedure
    .route({
      method: 'PUT',
      path: '/workspaces/{workspace}/repo-credential',
      tags: ['Workspaces'],
      summary: 'The user name with a password or token that its repository asks for; retry the clone by a start',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        credential: z
          .object({ username: credentialText(256), password: credentialText(4096) })
          .nullable()
          .describe('null takes it away.'),
      }),
    )
    .output(z.object({})),
  trustRepoHost: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/trusted-hosts',
      tags: ['Workspaces'],
      summary: 'Accept the key of its repository’s ssh server; retry the clone by a start',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        fingerprint: z.string().max(128).describe('Of the key, as ssh shows it (SHA256:…) and REPO_HOST_UNKNOWN has it.'),
      }),
    )
    .output(z.object({})),
  environment: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/environment',
      tags: ['Workspaces'],
      summary: 'Its variables; their values only when asked for',
    })
    .input(z.object({ workspace: workspaceReferenceSchema, reveal }))
    .output(shownEnvironmentSchema),
  export: procedure
    .route({ method: 'POST', path: '/workspaces/{workspace}/export', tags: ['Workspaces'], summary: 'The whole workspace as one file' })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        file: filePath.describe('Absolute path on the machine that Berth runs on. Written beside it first, as FILE.partial.'),
        overwrite: z.boolean().default(false).describe('Take the place of a file that is there.'),
        withSecrets: z.boolean().default(false).describe('Include variables and the credential of its repository.'),
        wait,
      }),
    )
    .output(z.object({ operation: operationSchema, file: z.string() })),
  import: procedure
    .route({ method: 'POST', path: '/workspaces/import', tags: ['Workspaces'], summary: 'A workspace from a file that was exported' })
    .input(
      z.object({
        file: filePath.describe('Absolute path on the machine that Berth runs on.'),
        name: z.string().max(1024).optional().describe('The one it had if left out.'),
        engine: engineReferenceSchema.optional(),
        constraints,
        start: z.boolean().default(true).describe('Start it.'),
        wait,
      }),
    )
    .output(z.object({ operation: operationSchema.describe('`workspaceId` is that of the workspace to be.') })),
  adoptable: procedure
    .route({
      method: 'GET',
      path: '/adoptable',
      tags: ['Workspaces'],
      summary: 'Workspaces on the engine that another tool made, or another Berth',
    })
    .output(z.array(adoptableSchema)),
  adopt: procedure
    .route({
      method: 'POST',
      path: '/workspaces/adopt',
      tags: ['Workspaces'],
      summary: 'Take over a workspace of another tool: name, volumes, port, environment and what is installed stay',
    })
    .input(
      z.object({
        name: z.string().min(1).max(1024).describe('Its name, or the name or id of its container.'),
        stop: z.boolean().default(false).describe('Stop it if it runs: its container is made anew. Refused without this.'),
        start: z.boolean().default(true).describe('Start it; when it does not come up, all is taken back. Not tried without this.'),
        wait,
      }),
    )
    .output(startedSchema),
  repositories: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/repositories',
      tags: ['Workspaces'],
      summary: 'Branch and uncommitted changes of the repositories in a running workspace, as git tells them now; those that are cloned',
    })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(z.array(repositoryStatusSchema)),
  deletionPreview: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/deletion-preview',
      tags: ['Workspaces'],
      summary: 'What a deletion would lose',
    })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(
      z.object({
        volumes: z.array(z.object({ name: z.string(), bytes: z.number().nonnegative().nullable() })),
        /** null when it cannot be known (stopped, or no repo). */
        uncommittedFiles: z.number().int().nonnegative().nullable(),
        unpushedCommits: z.number().int().nonnegative().nullable(),
        folder: z.object({ path: z.string(), created: z.boolean() }).nullable().describe('Of a host workspace; null for others.'),
      }),
    ),
  exec: procedure
    .route({ method: 'POST', path: '/workspaces/{workspace}/exec', tags: ['Workspaces'], summary: 'Run a command to its end' })
    .input(
      z.object({
        ...execution,
        encoding: z
          .enum(['utf8', 'base64'])
          .default('utf8')
          .describe('Of `stdin`, `stdout` and `stderr`: Base64 for bytes that are no text.'),
        maxOutputBytes: z
          .number()
          .int()
          .min(0)
          .max(64 * 1024 * 1024)
          .default(DEFAULT_OUTPUT_BYTES)
          .describe('Kept of each of stdout and stderr; 8 MiB if left out.'),
      }),
    )
    .output(execResultSchema),
  execStream: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/exec/stream',
      tags: ['Workspaces'],
      summary: 'Run a command; its output as server-sent events, as it comes. Hanging up ends it',
    })
    .input(
      z.object({
        ...execution,
        encoding: z.enum(['utf8', 'base64']).default('utf8').describe('Of `stdin`. Output is always in Base64.'),
      }),
    )
    .output(eventIterator(execEventSchema)),
  logs: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/logs',
      tags: ['Workspaces'],
      summary: 'Lines of its log, as server-sent events',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        ...logRange,
        follow: z.boolean().default(false),
        tail: z.number().int().min(0).max(1_000_000).default(1000),
      }),
    )
    .output(eventIterator(logBatchSchema)),
}
