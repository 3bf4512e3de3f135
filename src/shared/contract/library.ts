import { z } from 'zod'
import { entryKindSchema, entryNameSchema } from '../library/entry-name'
import { GIT_STATE_NAMES, LIBRARY_ACTION_NAMES } from '../library/git-states'
import { workspaceReferenceSchema } from '../workspace'
import { procedure } from './base'
import { startedSchema } from './workspaces'

/** Of a text of the library; what people write by hand is far smaller. */
export const MAX_LIBRARY_FILE = 262_144
const MAX_LOG = 200

const route = (method: 'GET' | 'POST' | 'PUT', path: '' | `/${string}`, summary: string) =>
  procedure.route({ method, path: `/library${path}`, tags: ['Library'], summary })

/** What is wrong with an entry. `line` and `column` count from 1. */
export const entryProblemSchema = z.object({
  message: z.string(),
  /** Of the library; null for the entry as a whole. */
  file: z.string().nullable(),
  /** Where in its JSON, such as `limits.cpus`. */
  path: z.string().nullable(),
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
})
export type EntryProblem = z.infer<typeof entryProblemSchema>

export const libraryEntrySchema = z.object({
  kind: entryKindSchema,
  /** What workspaces call it by: the name of its file or folder. */
  id: z.string(),
  /** What it calls itself. */
  name: z.string(),
  description: z.string().nullable(),
  /** Its main file, below the library; null when it has none. */
  file: z.string().nullable(),
  problems: z.array(entryProblemSchema),
})
export type LibraryEntry = z.infer<typeof libraryEntrySchema>

export const libraryIndexSchema = z.object({
  folder: z.string(),
  exists: z.boolean(),
  entries: z.array(libraryEntrySchema),
  problems: z.array(z.string()).describe('Of the library as a whole, in sentences.'),
})
export type LibraryIndex = z.infer<typeof libraryIndexSchema>

export const libraryStatusSchema = z.object({
  folder: z.string(),
  states: z.array(z.enum(GIT_STATE_NAMES)).min(1).describe('All that hold, the most pressing first.'),
  /** In a sentence or two. */
  detail: z.string(),
  actions: z.array(z.enum(LIBRARY_ACTION_NAMES)).describe('What can be done now, the most sensible first.'),
  branch: z.string().nullable(),
  /** Its URL, without a credential. */
  remote: z.string().nullable(),
  ahead: z.number().int().nonnegative(),
  behind: z.number().int().nonnegative(),
  changes: z.array(z.object({ path: z.string(), change: z.enum(['added', 'changed', 'deleted']) })).describe('The first of them by name.'),
  changeCount: z.number().int().nonnegative(),
  conflicts: z.array(z.string()),
})
export type LibraryStatus = z.infer<typeof libraryStatusSchema>

const commitSchema = z.object({ id: z.string(), author: z.string(), at: z.iso.datetime({ offset: true }), subject: z.string() })
export type LibraryCommit = z.infer<typeof commitSchema>

/** Checked where it is used: segments of safe characters within the library. */
const filePath = z.string().min(1).max(512).describe('Below the library, such as workspace-template/node.json.')

export const libraryFileSchema = z.object({
  path: z.string(),
  text: z.string(),
  /** Of its content: to be given back when it is written. */
  digest: z.string(),
})
export type LibraryFile = z.infer<typeof libraryFileSchema>

export const libraryDiffSchema = z.object({
  path: z.string(),
  committed: z.string().nullable().describe('Its text as of the last commit; null when it is not in that.'),
  current: z.string().nullable().describe('Its text now; null when it is gone.'),
  patch: z.string().describe('The difference as git shows it; empty when there is none.'),
})
export type LibraryDiff = z.infer<typeof libraryDiffSchema>

export const templateChangeSchema = z.object({
  /** Of the configuration. */
  field: z.string(),
  title: z.string(),
  /** What applying it does: change the record, make a new container, or nothing, because it is chosen at creation. */
  effect: z.enum(['live', 'restart', 'rebuild', 'never']),
  /** In words; values of variables are not shown. */
  summary: z.string(),
})
export type TemplateChange = z.infer<typeof templateChangeSchema>

export const templateChangesSchema = z.object({ template: z.string(), changes: z.array(templateChangeSchema) })
export type TemplateChanges = z.infer<typeof templateChangesSchema>

export const library = {
  index: route('GET', '', 'Templates, skills and tools, with what is wrong with each').output(libraryIndexSchema),
  status: route('GET', '/status', 'The state of its git repository, and what can be done').output(libraryStatusSchema),
  log: route('GET', '/log', 'Its commits, newest first')
    .input(z.object({ limit: z.number().int().min(1).max(MAX_LOG).default(50) }))
    .output(z.array(commitSchema)),
  show: route('GET', '/entries/{kind}/{id}', 'One entry with its files')
    .input(z.object({ kind: entryKindSchema, id: entryNameSchema }))
    .output(
      z.object({
        entry: libraryEntrySchema,
        files: z.array(z.object({ path: z.string(), bytes: z.number().nonnegative() })),
        /** Its main file; null when it has none, or it is no text. */
        main: libraryFileSchema.nullable(),
      }),
    ),
  readFile: route('GET', '/file', 'The text of a file of the library')
    .input(z.object({ path: filePath }))
    .output(libraryFileSchema),
  writeFile: route('PUT', '/file', 'Write a file of the library, if it is still as it was read')
    .input(
      z.object({
        path: filePath,
        text: z.string().max(MAX_LIBRARY_FILE),
        digest: z.string().max(128).nullable().describe('As it was read; null for a new file.'),
      }),
    )
    .output(libraryFileSchema),
  check: route('POST', '/check', 'What would be wrong with a template of that text')
    .input(z.object({ text: z.string().max(MAX_LIBRARY_FILE) }))
    .output(z.array(entryProblemSchema)),
  diff: route('GET', '/diff', 'A file against the last commit')
    .input(z.object({ path: filePath }))
    .output(libraryDiffSchema),
  init: route('POST', '/init', 'Make the library, with a few templates to start from, or a repository of the folder that is there').output(
    libraryStatusSchema,
  ),
  clone: route('POST', '/clone', 'Clone a library')
    .input(z.object({ url: z.string().min(1).max(4096) }))
    .output(libraryStatusSchema),
  commit: route('POST', '/commit', 'Commit all changes')
    .input(z.object({ message: z.string().trim().min(1, 'Say what has changed.').max(8192) }))
    .output(libraryStatusSchema),
  pull: route('POST', '/pull', 'Bring the commits of the remote')
    .input(
      z.object({
        how: z
          .enum(['fast-forward', 'merge', 'take-remote'])
          .default('fast-forward')
          .describe(
            'Where both have commits of their own: merge them; or take those of the remote, and keep the ones here as a branch of another name.',
          ),
      }),
    )
    .output(libraryStatusSchema.extend({ keptAs: z.string().nullable().describe('The branch with the commits that were here.') })),
  push: route('POST', '/push', 'Send its commits to the remote').output(libraryStatusSchema),
  abort: route('POST', '/abort', 'Take back a merge that is under way').output(libraryStatusSchema),
  continue: route('POST', '/continue', 'Finish a merge once its conflicts are resolved').output(libraryStatusSchema),
  saveTemplate: route('POST', '/templates/{id}', 'Write a template with the configuration of a workspace, without secrets')
    .input(
      z.object({
        id: entryNameSchema,
        workspace: workspaceReferenceSchema,
        description: z.string().max(1024).optional(),
        overwrite: z.boolean().default(false).describe('Take the place of a template of that name.'),
      }),
    )
    .output(
      z.object({ file: z.string(), leftOut: z.array(z.string()).describe('Variables whose values are secrets: to be given again.') }),
    ),
  changes: route('GET', '/changes/{workspace}', 'What of its template has changed since it was applied to the workspace')
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(templateChangesSchema),
  apply: route('POST', '/apply/{workspace}', 'Bring a workspace in line with its template; rebuilt where image or distribution differ')
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        wait: z.boolean().default(false).describe('Answer only when the operation has ended.'),
      }),
    )
    .output(
      templateChangesSchema.extend({
        /** The rebuild; null when none was needed. */
        started: startedSchema.nullable(),
      }),
    ),
}
