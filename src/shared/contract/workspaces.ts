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
const wait = z.boolean().default(false).describe('Wait for the operation to end before answering.')

/** Only for a Swarm. */
const constraints = z
  .array(z.string().min(3).max(256))
  .max(20)
  .optional()
  .describe('Placement constraints if `engine` is a Swarm, as for `docker service create --constraint`.')

const creation = {
  /** Checked by `checkWorkspaceName`, which gives the reason; here only bounded. */
  name: z.string().max(1024).describe('Lowercase letters a-z, digits and dashes; at most 63 characters.'),
  ...creationShape,
  engine: engineReferenceSchema.optional(),
  constraints,
  ...creationRepos,
  template: workspaceReferenceSchema
    .optional()
    .describe(
      'Template to create the workspace from: a workspace that is a template, or a file of the library (`library:ID` if both have the name). Other given fields take precedence.',
    ),
  host: z
    .object({
      folder: hostPathSchema
        .optional()
        .describe('Created if it does not exist. Default: a folder with the workspace’s name in the folder from the settings.'),
      confirmed: z
        .boolean()
        .optional()
        .describe('Confirms that host workspaces are not isolated. Required once; it turns on the setting `hostWorkspaces`.'),
    })
    .optional()
    .describe('Use a folder on the machine that runs Berth instead of a container; what runs in it has all rights of the user.'),
}

const filePath = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes('\0'), 'A path cannot contain a NUL.')

/** git's answers end with the line. */
const credentialText = (maxLength: number) =>
  z
    .string()
    .max(maxLength)
    .refine((text) => !/\p{Cc}/u.test(text), 'A user name or password cannot contain control characters.')

const reveal = z.boolean().default(false).describe('Include the values.')

const byReference = z.object({ workspace: workspaceReferenceSchema, wait })

/** What a workspace would be rebuilt from; its own choice where nothing is given. */
const rebuildTarget = {
  image: imageReferenceSchema.optional().describe('Another image. Default: the newest version of its current image.'),
  distro: distroSchema.optional().describe('Use Berth’s image of this distribution instead.'),
}

export const rebuildPreviewSchema = z.object({
  /** The image its container would be created from. */
  image: z.string(),
  /** Where that would come from: already on the engine, pulled, or built. */
  source: z.enum(['local', 'published', 'bundled']),
  packages: z.array(z.string()).nullable().describe('Packages installed by hand with the package manager; null if unknown.'),
  unknown: z.string().nullable().describe('Why the packages are unknown.'),
})
export type RebuildPreview = z.infer<typeof rebuildPreviewSchema>

/** A procedure that begins an operation and only needs the workspace. */
const onWorkspace = (method: 'POST' | 'DELETE', path: '' | `/${string}`, summary: string) =>
  procedure
    .route({ method, path: `/workspaces/{workspace}${path}`, tags: ['Workspaces'], summary })
    .input(byReference)
    .output(startedSchema)

/** The router hands these to the function of the same name in the core. */
const plainOperations = {
  restart: onWorkspace('POST', '/restart', 'Restart'),
  rerunInit: onWorkspace('POST', '/rerun-init', 'Run the init script again, as root'),
}
type PlainOperation = keyof typeof plainOperations
export const PLAIN_OPERATIONS = Object.keys(plainOperations) as PlainOperation[]

export const execResultSchema = z.object({
  exitCode: z.number().int().nullable().describe('null if the timeout ended the command.'),
  stdout: z.string(),
  stderr: z.string(),
  timedOut: z.boolean(),
  truncated: z.boolean().describe('Whether a stream exceeded `maxOutputBytes`; the rest was discarded.'),
})
export type ExecResult = z.infer<typeof execResultSchema>

/** `started` comes first, `exit` last. */
export const execEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started') }),
  z.object({ type: z.enum(['stdout', 'stderr']), data: z.base64().describe('Bytes in Base64.') }),
  z.object({
    type: z.literal('exit'),
    exitCode: z.number().int().nullable().describe('null if the timeout ended the command.'),
    timedOut: z.boolean(),
  }),
])
export type ExecEvent = z.infer<typeof execEventSchema>

/** 10 MB of bytes in Base64, and more. */
const MAX_STDIN_CHARACTERS = 16_777_216
export const DEFAULT_OUTPUT_BYTES = 8 * 1024 * 1024

const execution = {
  workspace: workspaceReferenceSchema,
  command: z.array(z.string().max(131_072)).min(1).max(1024).describe('Program and arguments, run without a shell.'),
  user: execUserSchema.default('workspace').describe('User name or number inside the workspace.'),
  cwd: z.string().max(4096).startsWith('/').optional().describe('Default: the repository, otherwise the home folder.'),
  env: environmentSchema.optional(),
  stdin: z.string().max(MAX_STDIN_CHARACTERS).optional(),
  timeoutSeconds: z.number().positive().max(86_400).optional().describe('After this time the command and everything it started are ended.'),
  start: z.boolean().default(false).describe('Start the workspace first if it is stopped.'),
  outside: z.boolean().default(false).describe('Run in the workspace itself, even if its dev container is running.'),
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
    .route({ method: 'GET', path: '/workspaces', tags: ['Workspaces'], summary: 'List all workspaces' })
    .output(z.array(workspaceSchema)),
  get: procedure
    .route({ method: 'GET', path: '/workspaces/{workspace}', tags: ['Workspaces'], summary: 'Get one workspace' })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(workspaceSchema),
  create: procedure
    .route({
      method: 'POST',
      path: '/workspaces',
      tags: ['Workspaces'],
      summary: 'Create and start a workspace; refused if the name is taken',
    })
    .input(z.object({ ...creation, wait }))
    .output(startedSchema),
  importGithub: procedure
    .route({
      method: 'POST',
      path: '/workspaces/import-github',
      tags: ['Workspaces'],
      summary: 'Create and start a workspace for a GitHub repository, after checking it on GitHub',
    })
    .input(
      z.object({
        repository: z.string().max(4096).describe('OWNER/REPO, or the address of the repository or one of its pages.'),
        name: z.string().max(1024).optional().describe('Default: a free name based on the repository’s.'),
        pullRequest: z.number().int().positive().optional().describe('Number of a pull request to check out instead of a branch.'),
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
      summary: 'Start a workspace; creates it first if it does not exist',
    })
    .input(
      z.object({
        ...creation,
        recreate: z.boolean().optional().describe('Recreate parts that were removed outside Berth; their contents are lost.'),
        wait,
      }),
    )
    .output(startedSchema),
  stop: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/stop',
      tags: ['Workspaces'],
      summary: 'Stop a workspace; its volumes are kept',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        now: z
          .boolean()
          .default(false)
          .describe(
            'Do not wait for running programs: kill them soon after asking them to end. Also speeds up a stop that is already running.',
          ),
        wait,
      }),
    )
    .output(startedSchema),
  keepRunning: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/keep-running',
      tags: ['Workspaces'],
      summary: 'Keep an idle workspace running: take back an announced stop and begin the count again',
    })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(workspaceSchema),
  ...plainOperations,
  delete: procedure
    .route({
      method: 'DELETE',
      path: '/workspaces/{workspace}',
      tags: ['Workspaces'],
      summary: 'Delete a workspace with its container, volumes and record; cannot be undone',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        removeFolder: z.boolean().default(false).describe('For a host workspace: also delete its folder if Berth created it.'),
        wait,
      }),
    )
    .output(startedSchema),
  sync: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/sync',
      tags: ['Workspaces'],
      summary: 'Copy changed files and credentials from this machine into the workspace',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        force: z.boolean().default(false).describe('Also overwrite or remove files that were changed inside the workspace.'),
        wait,
      }),
    )
    .output(startedSchema),
  clone: procedure
    .route({ method: 'POST', path: '/workspaces/{workspace}/clone', tags: ['Workspaces'], summary: 'Clone a workspace' })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        name: z.string().max(1024).describe('Name of the clone.'),
        stop: z.boolean().default(false).describe('Stop the source for a consistent copy; it is always started again.'),
        start: z.boolean().default(true).describe('Start the clone.'),
        engine: engineReferenceSchema.optional().describe('Name or id of the engine for the clone. Default: the engine of the source.'),
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
      summary: 'Rename a workspace; data, port and snapshots stay',
    })
    .input(z.object({ workspace: workspaceReferenceSchema, name: z.string().max(1024), wait }))
    .output(startedSchema),
  move: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/move',
      tags: ['Workspaces'],
      summary: 'Move a workspace to the pool or back to plain volumes; snapshots stay where they are',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        driver: storageDriverSchema,
        stop: z.boolean().default(false).describe('Also while the workspace is running: stop it, then start it again.'),
        wait,
      }),
    )
    .output(startedSchema),
  relocate: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/relocate',
      tags: ['Workspaces'],
      summary:
        'Move a workspace to another engine, with its snapshots; a running workspace is stopped for the last part and then started there',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        engine: engineReferenceSchema,
        constraints,
        dropSnapshots: z.boolean().default(false).describe('Leave the snapshots behind; they are deleted at the end.'),
        wait,
      }),
    )
    .output(startedSchema),
  rebuild: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/rebuild',
      tags: ['Workspaces'],
      summary: 'Rebuild a workspace from another image or the newest version of its own; volumes and port stay',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        ...rebuildTarget,
        snapshot: z.boolean().default(true).describe('Take an automatic snapshot of the state before.'),
        reinstall: z.boolean().default(false).describe('Reinstall packages that were installed by hand.'),
        wait,
      }),
    )
    .output(startedSchema),
  rebuildPreview: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/rebuild-preview',
      tags: ['Workspaces'],
      summary: 'Preview a rebuild: the image it would use, and the packages it would lose',
    })
    .input(z.object({ workspace: workspaceReferenceSchema, ...rebuildTarget }))
    .output(rebuildPreviewSchema),
  update: procedure
    .route({
      method: 'PATCH',
      path: '/workspaces/{workspace}',
      tags: ['Workspaces'],
      summary: 'Change the configuration: label, environment, scripts, limits, template',
    })
    .input(z.object({ workspace: workspaceReferenceSchema, ...changeShape }))
    .output(workspaceSchema),
  setRepoCredential: procedure
    .route({
      method: 'PUT',
      path: '/workspaces/{workspace}/repo-credential',
      tags: ['Workspaces'],
      summary: 'Set the user name and the password or token for the repository; a start retries the clone',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        credential: z
          .object({ username: credentialText(256), password: credentialText(4096) })
          .nullable()
          .describe('null removes it.'),
      }),
    )
    .output(z.object({})),
  trustRepoHost: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/trusted-hosts',
      tags: ['Workspaces'],
      summary: 'Trust the key of the repository’s ssh server; a start retries the clone',
    })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        fingerprint: z.string().max(128).describe('Fingerprint of the key, as shown by ssh (SHA256:…) and in REPO_HOST_UNKNOWN.'),
      }),
    )
    .output(z.object({})),
  environment: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/environment',
      tags: ['Workspaces'],
      summary: 'Get the variables of a workspace; values only on request',
    })
    .input(z.object({ workspace: workspaceReferenceSchema, reveal }))
    .output(shownEnvironmentSchema),
  export: procedure
    .route({ method: 'POST', path: '/workspaces/{workspace}/export', tags: ['Workspaces'], summary: 'Export a whole workspace to a file' })
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        file: filePath.describe('Absolute path on the machine that runs Berth. Written to FILE.partial first.'),
        overwrite: z.boolean().default(false).describe('Overwrite an existing file.'),
        withSecrets: z.boolean().default(false).describe('Include variables and the credential of the repository.'),
        wait,
      }),
    )
    .output(z.object({ operation: operationSchema, file: z.string() })),
  import: procedure
    .route({ method: 'POST', path: '/workspaces/import', tags: ['Workspaces'], summary: 'Import a workspace from an exported file' })
    .input(
      z.object({
        file: filePath.describe('Absolute path on the machine that runs Berth.'),
        name: z.string().max(1024).optional().describe('Default: the name it had.'),
        engine: engineReferenceSchema.optional(),
        constraints,
        start: z.boolean().default(true).describe('Start the workspace.'),
        wait,
      }),
    )
    .output(z.object({ operation: operationSchema.describe('`workspaceId` is the id that the workspace will have.') })),
  adoptable: procedure
    .route({
      method: 'GET',
      path: '/adoptable',
      tags: ['Workspaces'],
      summary: 'List workspaces on the engine that were created by another tool or another Berth',
    })
    .output(z.array(adoptableSchema)),
  adopt: procedure
    .route({
      method: 'POST',
      path: '/workspaces/adopt',
      tags: ['Workspaces'],
      summary: 'Adopt a workspace of another tool; name, volumes, port, environment and installed software stay',
    })
    .input(
      z.object({
        name: z.string().min(1).max(1024).describe('Name of the workspace, or name or id of its container.'),
        stop: z.boolean().default(false).describe('Stop it if it is running, since its container is recreated. Refused without this.'),
        start: z
          .boolean()
          .default(true)
          .describe('Start it afterwards; if it does not start, everything is undone. Without this, it is not started.'),
        wait,
      }),
    )
    .output(startedSchema),
  repositories: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/repositories',
      tags: ['Workspaces'],
      summary: 'Get the git status (branch, uncommitted changes) of the cloned repositories in a running workspace',
    })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(z.array(repositoryStatusSchema)),
  deletionPreview: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/deletion-preview',
      tags: ['Workspaces'],
      summary: 'Get what a deletion would lose',
    })
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(
      z.object({
        volumes: z.array(z.object({ name: z.string(), bytes: z.number().nonnegative().nullable() })),
        /** null when it cannot be known (stopped, or no repo). */
        uncommittedFiles: z.number().int().nonnegative().nullable(),
        unpushedCommits: z.number().int().nonnegative().nullable(),
        folder: z.object({ path: z.string(), created: z.boolean() }).nullable().describe('For a host workspace; null for others.'),
      }),
    ),
  exec: procedure
    .route({ method: 'POST', path: '/workspaces/{workspace}/exec', tags: ['Workspaces'], summary: 'Run a command and wait for its end' })
    .input(
      z.object({
        ...execution,
        encoding: z
          .enum(['utf8', 'base64'])
          .default('utf8')
          .describe('Encoding of `stdin`, `stdout` and `stderr`; Base64 for binary data.'),
        maxOutputBytes: z
          .number()
          .int()
          .min(0)
          .max(64 * 1024 * 1024)
          .default(DEFAULT_OUTPUT_BYTES)
          .describe('Maximum kept of stdout and of stderr. Default: 8 MiB.'),
      }),
    )
    .output(execResultSchema),
  execStream: procedure
    .route({
      method: 'POST',
      path: '/workspaces/{workspace}/exec/stream',
      tags: ['Workspaces'],
      summary: 'Run a command and stream its output as server-sent events; closing the connection ends the command',
    })
    .input(
      z.object({
        ...execution,
        encoding: z.enum(['utf8', 'base64']).default('utf8').describe('Encoding of `stdin`. Output is always in Base64.'),
      }),
    )
    .output(eventIterator(execEventSchema)),
  logs: procedure
    .route({
      method: 'GET',
      path: '/workspaces/{workspace}/logs',
      tags: ['Workspaces'],
      summary: 'Stream the log of a workspace as server-sent events',
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
