import { CLIPBOARD_ACCESS } from '../clipboard-access'
import { CREDENTIAL_SHARING } from '../credential-sharing'
import { WORKSPACE_DEVCONTAINER_CHOICES } from '../devcontainer-choice'
import { DISTROS } from '../distros'
import type { Limits } from '../limits'

/** Everything about a field of a workspace's configuration except its values (`field-schemas.ts`). */
export interface WorkspaceField {
  /** The values of `variables` are secrets: sealed wherever they are kept, masked in doors, and in archives only when asked for. */
  kind: 'text' | 'choice' | 'number' | 'script' | 'paths' | 'names' | 'variables' | 'limits' | 'flag' | 'repositories'
  /** The values of a `choice`. */
  choices?: readonly string[]
  /** A folder of this machine cannot have it: `kind: host`. */
  containerOnly?: true
  /** `later` says when a change of an existing workspace takes effect: at once, at its next start, or that there can be none. */
  set: { creation: boolean; later: 'live' | 'restart' | 'never' }
  /** Restoring a snapshot in place brings back the disk only, and leaves every field as it is. */
  carried: {
    /** To a clone, and to a workspace made from a template or a snapshot. */
    clone: boolean
    /** Into an exported file, and to the workspace imported from it. */
    archive: boolean
    /**
     * To a workspace that is adopted, or whose record was lost: by a `label` that its container was given when it was made (for text only,
     * and never for a secret), by what the `container` itself tells, or not at all.
     */
    adopt: 'label' | 'container' | 'no'
  }
  /** Its name in doors. */
  title: string
  /** Its option on the command line; null for one that only commands of its own set. */
  option: { flags: string; help: string } | null
  /** Its field in the page's forms; null for one that has a place of its own there. */
  form: { hint: string; mono: boolean } | null
}

/**
 * Everything a user can choose for a workspace, in the order of forms and help. Without schemas, so that the command line's help and completion load
 * none. Records, views, inputs, archives, copies, options and forms follow from this table and from `field-schemas.ts`.
 */
export const WORKSPACE_FIELDS = {
  /** Given as a URL to clone (`clone`), which may hold a credential; kept without it. */
  repo: {
    kind: 'text',
    set: { creation: false, later: 'never' },
    carried: { clone: true, archive: true, adopt: 'label' },
    title: 'Repository',
    option: null,
    form: null,
  },
  branch: {
    kind: 'text',
    set: { creation: true, later: 'never' },
    carried: { clone: true, archive: true, adopt: 'label' },
    title: 'Branch',
    option: { flags: '-b, --branch <ref>', help: 'branch, tag or commit of the repository' },
    form: { hint: 'Branch, tag or commit; empty for the repository’s default', mono: true },
  },
  depth: {
    kind: 'number',
    set: { creation: true, later: 'never' },
    carried: { clone: true, archive: true, adopt: 'no' },
    title: 'Depth',
    option: { flags: '--depth <commits>', help: 'clone only this many of the newest commits' },
    form: null,
  },
  /** Of a repository that is copied from a folder of this machine; archives have no such path. */
  withChanges: {
    kind: 'flag',
    set: { creation: true, later: 'never' },
    carried: { clone: true, archive: false, adopt: 'no' },
    title: 'Uncommitted changes',
    option: { flags: '--with-changes', help: 'with --clone of a folder of this machine: also copy uncommitted changes' },
    form: null,
  },
  /** Within the repository. */
  folder: {
    kind: 'text',
    set: { creation: true, later: 'live' },
    carried: { clone: true, archive: true, adopt: 'no' },
    title: 'Folder',
    option: { flags: '--folder <path>', help: 'folder of the repository to open terminals, commands and editors in' },
    form: { hint: 'Folder of the repository to open terminals, commands and editors in', mono: true },
  },
  /** Given as URLs (`alsoClone`), and kept without credentials. */
  furtherRepos: {
    kind: 'repositories',
    containerOnly: true,
    set: { creation: false, later: 'never' },
    carried: { clone: true, archive: true, adopt: 'no' },
    title: 'Further repositories',
    option: null,
    form: null,
  },
  label: {
    kind: 'text',
    set: { creation: true, later: 'live' },
    carried: { clone: false, archive: true, adopt: 'no' },
    title: 'Label',
    option: { flags: '-l, --label <text>', help: 'a label of your own' },
    form: { hint: 'Free text, shown beside the name and found by the filter', mono: false },
  },
  image: {
    kind: 'text',
    containerOnly: true,
    set: { creation: true, later: 'never' },
    carried: { clone: true, archive: true, adopt: 'label' },
    title: 'Image',
    option: { flags: '-i, --image <reference>', help: 'image instead of Berth’s own' },
    form: { hint: '', mono: true },
  },
  /** Berth's own image of that distribution. */
  distro: {
    kind: 'choice',
    choices: DISTROS.map(({ id }) => id),
    containerOnly: true,
    set: { creation: true, later: 'never' },
    carried: { clone: true, archive: true, adopt: 'label' },
    title: 'Distribution',
    option: { flags: '--distro <id>', help: 'Berth’s image for this distribution instead of Debian 13; built if necessary' },
    form: { hint: 'Berth’s image for it; built if necessary', mono: false },
  },
  env: {
    kind: 'variables',
    set: { creation: true, later: 'restart' },
    carried: { clone: true, archive: true, adopt: 'container' },
    title: 'Environment',
    option: { flags: '-e, --env <name=value>', help: 'variable (repeatable); NAME alone passes on your own value' },
    form: { hint: 'One KEY=VALUE per line', mono: true },
  },
  /** Its text. Run once, as root; see `lifecycle/script-steps.ts`. */
  initScript: {
    kind: 'script',
    set: { creation: true, later: 'live' },
    carried: { clone: true, archive: true, adopt: 'no' },
    title: 'Init script',
    option: {
      flags: '--init-script <file>',
      help: 'run once as root at the first start; “-” reads it from stdin, an empty name clears it',
    },
    form: { hint: 'Runs once, as root, at the first start', mono: true },
  },
  /** Not in archives: whoever made the file would choose which of the importer’s files are read. */
  postStart: {
    kind: 'paths',
    set: { creation: true, later: 'restart' },
    carried: { clone: true, archive: false, adopt: 'no' },
    title: 'Post-start scripts',
    option: {
      flags: '--post-start <path>',
      help: 'file or folder of scripts to run at each start (repeatable); an empty path clears them',
    },
    form: { hint: 'Run at each start. One file or folder on this machine per line', mono: true },
  },
  /** Not in archives: whoever imports one decides again whether what the file's author configured is run. */
  devcontainer: {
    kind: 'choice',
    choices: WORKSPACE_DEVCONTAINER_CHOICES,
    containerOnly: true,
    set: { creation: true, later: 'live' },
    carried: { clone: true, archive: false, adopt: 'no' },
    title: 'Dev container',
    option: {
      flags: '--devcontainer <when>',
      help: 'whether to open the dev container of its repository (default: from the settings)',
    },
    form: { hint: 'Whether the devcontainer.json of its repository is used', mono: false },
  },
  /** For what nobody should trust with them: `none` also when it comes with a file. */
  credentials: {
    kind: 'choice',
    choices: CREDENTIAL_SHARING,
    containerOnly: true,
    set: { creation: true, later: 'live' },
    carried: { clone: true, archive: true, adopt: 'no' },
    title: 'Shared credentials',
    option: {
      flags: '--credentials <which>',
      help: 'whether it gets the credentials from the settings and the ssh agent (default: shared)',
    },
    form: { hint: 'The files, keys and logins of Settings → Credentials, and the ssh agent', mono: false },
  },
  /** Not in archives, for the same reason as `postStart`; nor is the next one. */
  syncFiles: {
    kind: 'paths',
    containerOnly: true,
    set: { creation: true, later: 'live' },
    carried: { clone: true, archive: false, adopt: 'no' },
    title: 'Files',
    option: {
      flags: '--sync <path>',
      help: 'file or folder to copy into it, or HOST:INSIDE (repeatable); an empty path clears them',
    },
    form: { hint: 'One file or folder on this machine per line, or HOST:INSIDE', mono: true },
  },
  syncSshKeys: {
    kind: 'paths',
    containerOnly: true,
    set: { creation: true, later: 'live' },
    carried: { clone: true, archive: false, adopt: 'no' },
    title: 'SSH keys to copy',
    option: { flags: '--ssh-key <path>', help: 'private ssh key to copy into it (repeatable); an empty path clears them' },
    form: { hint: 'One private key on this machine per line', mono: true },
  },
  /** Of the library. Not in archives, for the same reason as `postStart`; nor are tools. They are no credentials: `credentials` does not concern them. */
  skills: {
    kind: 'names',
    set: { creation: true, later: 'live' },
    carried: { clone: true, archive: false, adopt: 'no' },
    title: 'Skills',
    option: {
      flags: '--skill <name>',
      help: 'skill of the library for coding agents in it (repeatable); an empty name clears them',
    },
    form: { hint: 'From the library, for coding agents. One name per line', mono: true },
  },
  tools: {
    kind: 'names',
    set: { creation: true, later: 'live' },
    carried: { clone: true, archive: false, adopt: 'no' },
    title: 'Tools',
    option: { flags: '--tool <name>', help: 'tool of the library for coding agents in it (repeatable); an empty name clears them' },
    form: { hint: 'From the library, for coding agents. One name per line', mono: true },
  },
  limits: {
    kind: 'limits',
    containerOnly: true,
    set: { creation: true, later: 'live' },
    carried: { clone: true, archive: true, adopt: 'container' },
    title: 'Limits',
    // Each has an option of its own: `LIMIT_OPTIONS`.
    option: null,
    form: null,
  },
  /** Not in archives: whoever imports one decides again. */
  clipboard: {
    kind: 'choice',
    choices: CLIPBOARD_ACCESS,
    set: { creation: true, later: 'live' },
    carried: { clone: true, archive: false, adopt: 'no' },
    title: 'Clipboard',
    option: { flags: '--clipboard <access>', help: 'whether programs in the page’s terminals can write to your clipboard' },
    form: null,
  },
  /** There to be cloned, not to be started. */
  template: {
    kind: 'flag',
    containerOnly: true,
    set: { creation: false, later: 'live' },
    carried: { clone: false, archive: false, adopt: 'no' },
    title: 'Template',
    option: null,
    form: null,
  },
} as const satisfies Record<string, WorkspaceField>

export type FieldName = keyof typeof WORKSPACE_FIELDS

export const FIELD_NAMES = Object.keys(WORKSPACE_FIELDS) as FieldName[]

type Fields = typeof WORKSPACE_FIELDS
type NamesWhere<Rule> = { [Name in FieldName]: Fields[Name] extends Rule ? Name : never }[FieldName]
export type CreationField = NamesWhere<{ set: { creation: true } }>
export type ChangeableField = NamesWhere<{ set: { later: 'live' | 'restart' } }>
export type ArchivedField = NamesWhere<{ carried: { archive: true } }>
export type LabelledField = NamesWhere<{ carried: { adopt: 'label' } }>
export type TextField = NamesWhere<{ kind: 'text' }>
/** Of those that people type into forms. */
export type FormField = NamesWhere<{ form: object }>

const namesWhere = <Name extends FieldName>(rule: (field: WorkspaceField) => boolean) =>
  FIELD_NAMES.filter((name): name is Name => rule(WORKSPACE_FIELDS[name]))

/** Those that a folder of this machine cannot have. */
export const CONTAINER_FIELDS = FIELD_NAMES.filter((name) => (WORKSPACE_FIELDS[name] as WorkspaceField).containerOnly === true)
export const CREATION_FIELDS = namesWhere<CreationField>(({ set }) => set.creation)
export const CHANGEABLE_FIELDS = namesWhere<ChangeableField>(({ set }) => set.later !== 'never')
export const ARCHIVED_FIELDS = namesWhere<ArchivedField>(({ carried }) => carried.archive)
export const LABELLED_FIELDS = namesWhere<LabelledField>(({ carried }) => carried.adopt === 'label')
export const TEXT_FIELDS = namesWhere<TextField>(({ kind }) => kind === 'text')
export const FORM_FIELDS = namesWhere<FormField>(({ form }) => form !== null)

/** The limits as options of the command line. */
export const LIMIT_OPTIONS = {
  diskBytes: { name: 'disk', unit: 'size', help: 'disk space it can use, such as 50G' },
  memoryBytes: { name: 'memory', unit: 'size', help: 'memory it can use, such as 4G' },
  cpus: { name: 'cpus', unit: 'fraction', help: 'processors it can use, such as 1.5' },
  processes: { name: 'processes', unit: 'whole', help: 'processes and threads it can have at once' },
} as const satisfies Record<keyof Limits, { name: string; unit: 'size' | 'fraction' | 'whole'; help: string }>
