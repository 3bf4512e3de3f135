import { z } from 'zod'
import { CLIPBOARD_ACCESS } from '../clipboard-access'
import { CREDENTIAL_SHARING } from '../credential-sharing'
import { WORKSPACE_DEVCONTAINER_CHOICES } from '../devcontainer-choice'
import { changeEnvironment, environmentPatchSchema, environmentSchema, sealedEnvironmentSchema } from '../environment'
import { furtherRepoSchema, MAX_FURTHER_REPOS } from '../further-repos'
import { gitRefProblem, repoFolderProblem } from '../git-ref'
import { hostPathSchema } from '../host-path'
import { distroSchema } from '../image-choice'
import { imageReferenceSchema } from '../image-reference'
import { entryNameSchema } from '../library/entry-name'
import { changeLimits, limitsPatchSchema, limitsSchema, NO_LIMITS } from '../limits'
import type { Vault } from '../secret'
import { syncPathSchema } from '../sync-path'
import type { FieldName } from './fields'

/** The values of one field of a workspace's configuration. */
interface FieldSchema<Value extends z.ZodType, Input extends z.ZodType, Shown extends z.ZodType> {
  /** As records hold it. */
  schema: Value
  /** What doors give to set it. */
  input: Input
  /** As views and archives have it: without secrets, or with these as they are. */
  shown: Shown
  /** Of a workspace for which nothing was chosen. */
  initial: z.output<Value> & z.output<Shown>
  /** The value once `given` has been set. */
  change(current: z.output<Value>, given: z.output<Input>, vault: Vault): z.output<Value>
}

const field = <Value extends z.ZodType, Input extends z.ZodType, Shown extends z.ZodType>(definition: FieldSchema<Value, Input, Shown>) =>
  definition

/** Free text; empty text or null means none. Otherwise `problem` can return an objection. */
function text(maxLength: number, description: string, problem: (text: string) => string | null = () => null) {
  const schema = z.string().max(maxLength).nullable()
  const input = schema.superRefine((given, context) => {
    const message = given ? problem(given) : null
    if (message !== null) context.addIssue({ code: 'custom', message })
  })
  return field({
    schema,
    input: input.describe(description),
    shown: schema,
    initial: null,
    change: (_, given) => (given === '' ? null : given),
  })
}

const depthSchema = z.number().int().min(1).max(1_000_000).nullable()
/** More than any script that people write by hand; what is larger belongs into a file that the script fetches. */
const MAX_SCRIPT_LENGTH = 65_536
const MAX_PATHS = 32

const pathsSchema = z.array(hostPathSchema).max(MAX_PATHS, `At most ${MAX_PATHS} paths are allowed.`)
const syncPathsSchema = z.array(syncPathSchema).max(MAX_PATHS, `At most ${MAX_PATHS} paths are allowed.`)

/** Enough for any task; each is copied for several agents. */
const MAX_NAMES = 100
const namesSchema = z.array(entryNameSchema).max(MAX_NAMES, `At most ${MAX_NAMES} names are allowed.`)

/** Names of entries of the library, each once. */
function names(description: string) {
  return field({
    schema: namesSchema,
    shown: namesSchema,
    input: namesSchema.describe(description),
    initial: [],
    change: (_, given) => [...new Set(given)],
  })
}

const furtherReposSchema = z.array(furtherRepoSchema).max(MAX_FURTHER_REPOS)

const clipboardSchema = z.enum(CLIPBOARD_ACCESS)
const devcontainerSchema = z.enum(WORKSPACE_DEVCONTAINER_CHOICES)
const credentialsSchema = z.enum(CREDENTIAL_SHARING)

const imageSchema = z.string().max(512).nullable()

export const FIELD_SCHEMAS = {
  repo: text(4096, 'URL of the repository, without credentials.'),
  branch: text(
    255,
    'Branch, tag or commit of the repository, or a full ref such as refs/pull/7/head; null for the default.',
    gitRefProblem,
  ),
  depth: field({
    schema: depthSchema,
    shown: depthSchema,
    input: depthSchema.describe('Number of commits to clone; null for all.'),
    initial: null,
    change: (_, given) => given,
  }),
  withChanges: field({
    schema: z.boolean(),
    shown: z.boolean(),
    input: z.boolean().describe('For a repository copied from a folder of this machine: also copy uncommitted changes.'),
    initial: false,
    change: (_, given) => given,
  }),
  folder: text(512, 'Folder within the repository in which terminals, commands and editors open.', repoFolderProblem),
  furtherRepos: field({
    schema: furtherReposSchema,
    shown: furtherReposSchema,
    input: furtherReposSchema,
    initial: [],
    change: (_, given) => given,
  }),
  label: text(64, 'Free text shown beside the name; null for none.'),
  image: field({
    /** As it was asked for; null for Berth's own. */
    schema: imageSchema,
    shown: imageSchema,
    input: imageReferenceSchema.describe('Image reference. Default: Berth’s own image.'),
    initial: null,
    change: (_, given) => given,
  }),
  distro: field({
    schema: distroSchema.nullable(),
    shown: distroSchema.nullable(),
    input: distroSchema.nullable().describe('Use Berth’s image of this distribution. Default: Debian 13.'),
    initial: null,
    change: (_, given) => given,
  }),
  env: field({
    schema: sealedEnvironmentSchema,
    shown: environmentSchema,
    input: environmentPatchSchema.describe('Variables to set; null removes one, and those left out stay as they are.'),
    initial: {},
    change: changeEnvironment,
  }),
  initScript: text(
    MAX_SCRIPT_LENGTH,
    'Text of a script that runs once, as root, at the first start; run by bash unless its first line says otherwise.',
  ),
  postStart: field({
    schema: pathsSchema,
    shown: pathsSchema,
    input: pathsSchema.describe('Files and folders with scripts to run at each start, on the machine that runs Berth.'),
    initial: [],
    change: (_, given) => given,
  }),
  devcontainer: field({
    schema: devcontainerSchema,
    shown: devcontainerSchema,
    input: devcontainerSchema.describe('Whether the dev container of the repository is opened; `inherit` uses the setting.'),
    initial: 'inherit',
    change: (_, given) => given,
  }),
  credentials: field({
    schema: credentialsSchema,
    shown: credentialsSchema,
    input: credentialsSchema.describe('Whether the workspace gets the files, keys and logins from the settings, and the ssh agent.'),
    initial: 'shared',
    change: (_, given) => given,
  }),
  syncFiles: field({
    schema: syncPathsSchema,
    shown: syncPathsSchema,
    input: syncPathsSchema.describe(
      'Files and folders, on the machine that runs Berth, to copy to the same place in the home folder, or to another with HOST:INSIDE.',
    ),
    initial: [],
    change: (_, given) => given,
  }),
  syncSshKeys: field({
    schema: pathsSchema,
    shown: pathsSchema,
    input: pathsSchema.describe('Private ssh keys to copy into the workspace with their public keys, on the machine that runs Berth.'),
    initial: [],
    change: (_, given) => given,
  }),
  skills: names('Skills of the library for coding agents in the workspace.'),
  tools: names('Tools of the library for coding agents in the workspace.'),
  limits: field({
    schema: limitsSchema,
    shown: limitsSchema,
    input: limitsPatchSchema.describe('Limits to set; null removes one, and those left out stay as they are.'),
    initial: NO_LIMITS,
    change: (current, given) => changeLimits(current, given),
  }),
  clipboard: field({
    schema: clipboardSchema,
    shown: clipboardSchema,
    input: clipboardSchema.describe('Whether programs in the page’s terminals can write to the clipboard; they can never read it.'),
    initial: 'ask',
    change: (_, given) => given,
  }),
  template: field({ schema: z.boolean(), shown: z.boolean(), input: z.boolean(), initial: false, change: (_, given) => given }),
} satisfies Record<FieldName, unknown>

type Schemas = typeof FIELD_SCHEMAS
export type FieldValue<Name extends FieldName> = z.output<Schemas[Name]['schema']>
export type ShownValue<Name extends FieldName> = z.output<Schemas[Name]['shown']>
export type FieldInput<Name extends FieldName> = z.output<Schemas[Name]['input']>
