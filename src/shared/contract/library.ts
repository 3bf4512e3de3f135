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
  problems: z.array(z.string()).describe('Problems of the library as a whole.'),
})
export type LibraryIndex = z.infer<typeof libraryIndexSchema>

export const libraryStatusSchema = z.object({
  folder: z.string(),
  states: z.array(z.enum(GIT_STATE_NAMES)).min(1).describe('All current states, the most urgent first.'),
  /** In a sentence or two. */
  detail: z.string(),
  actions: z.array(z.enum(LIBRARY_ACTION_NAMES)).describe('Actions that are possible now, the recommended one first.'),
  branch: z.string().nullable(),
  /** Its URL, without a credential. */
  remote: z.string().nullable(),
  ahead: z.number().int().nonnegative(),
  behind: z.number().int().nonnegative(),
  changes: z
    .array(z.object({ path: z.string(), change: z.enum(['added', 'changed', 'deleted']) }))
    .describe('The first files, sorted by name.'),
  changeCount: z.number().int().nonnegative(),
  conflicts: z.array(z.string()),
})
export type LibraryStatus = z.infer<typeof libraryStatusSchema>

const commitSchema = z.object({ id: z.string(), author: z.string(), at: z.iso.datetime({ offset: true }), subject: z.string() })
export type LibraryCommit = z.infer<typeof commitSchema>

/** Checked where it is used: segments of safe characters within the library. */
const filePath = z.string().min(1).max(512).describe('Path within the library, such as workspace-template/node.json.')

export const libraryFileSchema = z.object({
  path: z.string(),
  text: z.string(),
  /** Of its content: to be given back when it is written. */
  digest: z.string(),
})
export type LibraryFile = z.infer<typeof libraryFileSchema>

export const libraryDiffSchema = z.object({
  path: z.string(),
  committed: z.string().nullable().describe('Text in the last commit; null if it is not in it.'),
  current: z.string().nullable().describe('Current text; null if the file was deleted.'),
  patch: z.string().describe('Output of git diff; empty if nothing changed.'),
})
export type LibraryDiff = z.infer<typeof libraryDiffSchema>

export const templateChangeSchema = z.object({
  /** Of the configuration. */
  field: z.string(),
  title: z.string(),
  /** What applying it does: change the record, make a new container, or nothing, because it can only be set at creation. */
  effect: z.enum(['live', 'restart', 'rebuild', 'never']),
  /** In words; values of variables are not shown. */
  summary: z.string(),
})
export type TemplateChange = z.infer<typeof templateChangeSchema>

export const templateChangesSchema = z.object({ template: z.string(), changes: z.array(templateChangeSchema) })
export type TemplateChanges = z.infer<typeof templateChangesSchema>

export const library = {
  index: route('GET', '', 'List templates, skills and tools, with their problems').output(libraryIndexSchema),
  status: route('GET', '/status', 'Get the state of the library’s git repository and the possible actions').output(libraryStatusSchema),
  log: route('GET', '/log', 'List the commits of the library, newest first')
    .input(z.object({ limit: z.number().int().min(1).max(MAX_LOG).default(50) }))
    .output(z.array(commitSchema)),
  show: route('GET', '/entries/{kind}/{id}', 'Get one entry with its files')
    .input(z.object({ kind: entryKindSchema, id: entryNameSchema }))
    .output(
      z.object({
        entry: libraryEntrySchema,
        files: z.array(z.object({ path: z.string(), bytes: z.number().nonnegative() })),
        /** Its main file; null when it has none, or it is no text. */
        main: libraryFileSchema.nullable(),
      }),
    ),
  readFile: route('GET', '/file', 'Read a file of the library')
    .input(z.object({ path: filePath }))
    .output(libraryFileSchema),
  writeFile: route('PUT', '/file', 'Write a file of the library, unless it has changed since it was read')
    .input(
      z.object({
        path: filePath,
        text: z.string().max(MAX_LIBRARY_FILE),
        digest: z.string().max(128).nullable().describe('The text that was read before; null for a new file.'),
      }),
    )
    .output(libraryFileSchema),
  check: route('POST', '/check', 'Check the text of a template')
    .input(z.object({ text: z.string().max(MAX_LIBRARY_FILE) }))
    .output(z.array(entryProblemSchema)),
  diff: route('GET', '/diff', 'Compare a file with the last commit')
    .input(z.object({ path: filePath }))
    .output(libraryDiffSchema),
  init: route('POST', '/init', 'Create the library with a few starter templates, or put the existing folder under git').output(
    libraryStatusSchema,
  ),
  clone: route('POST', '/clone', 'Clone a library')
    .input(z.object({ url: z.string().min(1).max(4096) }))
    .output(libraryStatusSchema),
  commit: route('POST', '/commit', 'Commit all changes')
    .input(z.object({ message: z.string().trim().min(1, 'Enter a commit message.').max(8192) }))
    .output(libraryStatusSchema),
  pull: route('POST', '/pull', 'Pull the commits of the remote')
    .input(
      z.object({
        how: z
          .enum(['fast-forward', 'merge', 'take-remote'])
          .default('fast-forward')
          .describe(
            'If both sides have new commits: merge them, or take the remote’s version and keep the local commits on another branch.',
          ),
      }),
    )
    .output(libraryStatusSchema.extend({ keptAs: z.string().nullable().describe('The branch that keeps the local commits.') })),
  push: route('POST', '/push', 'Push the commits to the remote').output(libraryStatusSchema),
  abort: route('POST', '/abort', 'Abort the current merge').output(libraryStatusSchema),
  continue: route('POST', '/continue', 'Commit the current merge after its conflicts are resolved').output(libraryStatusSchema),
  saveTemplate: route('POST', '/templates/{id}', 'Save the configuration of a workspace as a template, without secrets')
    .input(
      z.object({
        id: entryNameSchema,
        workspace: workspaceReferenceSchema,
        description: z.string().max(1024).optional(),
        overwrite: z.boolean().default(false).describe('Overwrite an existing template of that name.'),
      }),
    )
    .output(
      z.object({ file: z.string(), leftOut: z.array(z.string()).describe('Variables with secret values, which must be entered again.') }),
    ),
  changes: route('GET', '/changes/{workspace}', 'List the changes in a workspace’s template since it was applied')
    .input(z.object({ workspace: workspaceReferenceSchema }))
    .output(templateChangesSchema),
  apply: route('POST', '/apply/{workspace}', 'Apply the current template to a workspace; rebuilds it if the image or distribution differs')
    .input(
      z.object({
        workspace: workspaceReferenceSchema,
        wait: z.boolean().default(false).describe('Wait for the operation to end before answering.'),
      }),
    )
    .output(
      templateChangesSchema.extend({
        /** The rebuild; null when none was needed. */
        started: startedSchema.nullable(),
      }),
    ),
}
