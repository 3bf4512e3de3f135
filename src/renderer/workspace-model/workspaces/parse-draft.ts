import { environmentSchema } from '../../../shared/environment'
import { MAX_FURTHER_REPOS } from '../../../shared/further-repos'
import { hostPathSchema } from '../../../shared/host-path'
import { libraryTemplateId } from '../../../shared/library/template-reference'
import { repoProblem } from '../../../shared/repo-url'
import { FIELD_SCHEMAS } from '../../../shared/workspace-configuration/field-schemas'
import { CONTAINER_FIELDS, FORM_FIELDS, type FormField, WORKSPACE_FIELDS } from '../../../shared/workspace-configuration/fields'
import { workspaceNameProblem } from '../../../shared/workspace-name'
import type { client } from '../../client'
import type { WorkspaceDraft } from '../../store/dialogs'
import { constraintsProblem, givenPlacement } from '../engine/placement'

/** Why a field cannot be taken, in words; null where it can. */
export type DraftProblems = Record<FormField | 'name' | 'repo' | 'furtherRepos' | 'hostFolder' | 'constraints', string | null>

export type CreationInput = Parameters<typeof client.workspaces.create>[0]

/** Why `name` cannot be that of a new workspace; `isTaken` knows the names that exist. */
export function newNameProblem(name: string, isTaken: (name: string) => boolean): string | null {
  return workspaceNameProblem(name) ?? (isTaken(name) ? 'A workspace with this name already exists.' : null)
}

/** Why a field of the configuration cannot be set to what was typed; null when it can. */
export function fieldProblem(name: FormField, typed: string): string | null {
  const parsed = parseField(name, typed)
  return 'problem' in parsed ? parsed.problem : null
}

/** What is typed on each line, without empty ones. */
export function typedLines(typed: string): string[] {
  return typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** It is made as a clone of a workspace; with none, or a template of the library, it is made anew. */
export function isClone({ template, place }: Chosen): boolean {
  return place === '' && template !== '' && libraryTemplateId(template) === null
}

type Chosen = Pick<WorkspaceDraft, 'template' | 'place'>

/**
 * An image and whatever else a workspace keeps from its creation on comes with the workspace that it is a clone of; a folder of this machine cannot have
 * what needs a container.
 */
export function isAsked(name: FormField, chosen: Chosen): boolean {
  if (chosen.place === 'host') return !CONTAINER_FIELDS.includes(name)
  return !isClone(chosen) || WORKSPACE_FIELDS[name].set.later !== 'never'
}

/** Checks what was typed; `isTaken` knows the names that exist. What comes with a template is not looked at then. */
export function draftProblems(draft: WorkspaceDraft, isTaken: (name: string) => boolean = () => false): DraftProblems {
  const repo = draft.repo.trim()
  const problems = FORM_FIELDS.map((name) => [name, isAsked(name, draft) ? fieldProblem(name, draft[name]) : null])
  return {
    ...(Object.fromEntries(problems) as Record<FormField, string | null>),
    name: newNameProblem(draft.name.trim(), isTaken),
    repo: isClone(draft) ? null : draftRepoProblem(repo, draft),
    furtherRepos: isClone(draft) || draft.place === 'host' ? null : furtherReposProblem(draft),
    constraints: isPlaced(draft) ? constraintsProblem(draft.constraints) : null,
    hostFolder: draft.place === 'host' ? hostFolderProblem(draft.hostFolder.trim()) : null,
  }
}

function hostFolderProblem(folder: string): string | null {
  const parsed = hostPathSchema.safeParse(folder)
  return folder === '' || parsed.success ? null : (parsed.error.issues[0]?.message ?? 'This is not a path.')
}

function draftRepoProblem(repo: string, { branch, folder, template }: WorkspaceDraft): string | null {
  if (repo !== '') return repoProblem(repo)
  // A template may bring one.
  if (template !== '') return null
  return branch.trim() === '' && folder.trim() === '' ? null : 'Branch and folder need a repository. Enter one, or clear both.'
}

function furtherReposProblem({ repo, furtherRepos }: WorkspaceDraft): string | null {
  const typed = typedLines(furtherRepos)
  if (typed.length > 0 && repo.trim() === '') return 'Enter the first repository.'
  if (typed.length > MAX_FURTHER_REPOS) return `Enter at most ${MAX_FURTHER_REPOS} further repositories.`
  for (const line of typed) {
    const problem = repoProblem(line)
    if (problem !== null) return `“${line}”: ${problem}`
  }
  return null
}

export function parseDraft(draft: WorkspaceDraft): { ok: true; input: CreationInput } | { ok: false; problems: DraftProblems } {
  const problems = draftProblems(draft)
  if (Object.values(problems).some((problem) => problem !== null)) return { ok: false, problems }
  const isHost = draft.place === 'host'
  const template = isHost ? '' : draft.template
  const clone = isClone(draft) ? '' : draft.repo.trim()
  const alsoClone = isClone(draft) || isHost ? [] : typedLines(draft.furtherRepos)
  const hostFolder = draft.hostFolder.trim()
  const host = { ...(hostFolder === '' ? {} : { folder: hostFolder }), ...(draft.confirmed === '' ? {} : { confirmed: true }) }
  const given = FORM_FIELDS.filter((name) => isAsked(name, draft)).flatMap((name) => {
    const parsed = parseField(name, draft[name])
    return 'value' in parsed && parsed.value !== null ? [[name, parsed.value]] : []
  })
  return {
    ok: true,
    input: {
      name: draft.name.trim(),
      ...(template === '' ? {} : { template }),
      ...(clone === '' ? {} : { clone }),
      ...(alsoClone.length === 0 ? {} : { alsoClone }),
      ...(isHost ? { host } : {}),
      ...(isPlaced(draft) ? givenPlacement(draft) : {}),
      ...Object.fromEntries(given),
    },
  }
}

/** A clone is made where its template is, and a folder of this machine on no engine. */
function isPlaced(draft: WorkspaceDraft): boolean {
  return draft.place !== 'host' && !isClone(draft)
}

/** Null for what is left empty. */
function parseField(name: FormField, typed: string): { value: unknown } | { problem: string } {
  const trimmed = typed.trim()
  if (trimmed === '') return { value: null }
  const { kind } = WORKSPACE_FIELDS[name]
  if (kind === 'variables') {
    const parsed = parseEnvLines(trimmed)
    if (!parsed.ok) return { problem: parsed.problem }
    return { value: Object.keys(parsed.env).length === 0 ? null : parsed.env }
  }
  // A script is taken as it is: space has a meaning there.
  const value = kind === 'paths' || kind === 'names' ? typedLines(typed) : kind === 'script' ? typed : trimmed
  const parsed = FIELD_SCHEMAS[name].input.safeParse(value)
  if (parsed.success) return { value }
  const [issue] = parsed.error.issues
  if (issue?.code !== 'too_big' || typeof value !== 'string') return { problem: issue?.message ?? 'This value is not allowed.' }
  return { problem: `At most ${issue.maximum} characters; this has ${value.length}.` }
}

/**
 * Environment variables, one KEY=VALUE a line, as in a .env file: blank lines and lines that start with # are left out, `export ` before
 * the name is allowed, a value in matching quotes loses them.
 */
export function parseEnvLines(text: string): { ok: true; env: Record<string, string> } | { ok: false; problem: string } {
  const env: Record<string, string> = {}
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim().replace(/^export\s+/, '')
    if (line === '' || line.startsWith('#')) continue
    const equals = line.indexOf('=')
    if (equals <= 0) return { ok: false, problem: `Line ${index + 1} is not of the form KEY=VALUE.` }
    const entry = { [line.slice(0, equals).trim()]: unquote(line.slice(equals + 1).trim()) }
    const checked = environmentSchema.safeParse(entry)
    if (!checked.success) return { ok: false, problem: `Line ${index + 1}: ${envProblem(checked.error.issues)}` }
    Object.assign(env, entry)
  }
  const whole = environmentSchema.safeParse(env)
  return whole.success ? { ok: true, env } : { ok: false, problem: envProblem(whole.error.issues) }
}

/** The lines that `parseEnvLines` reads back as `env`. */
export function formatEnvLines(env: Record<string, string>): string {
  return Object.entries(env)
    .map(([key, value]) => `${key}=${value !== value.trim() || unquote(value) !== value ? `"${value}"` : value}`)
    .join('\n')
}

function unquote(value: string): string {
  const quote = value[0]
  return value.length >= 2 && (quote === '"' || quote === "'") && value.endsWith(quote) ? value.slice(1, -1) : value
}

interface Issue {
  message: string
  code: string
  issues?: readonly { message: string }[]
}

/** An invalid key of a record has its reason one level down. */
function envProblem(issues: readonly Issue[]): string {
  const [first] = issues
  return first?.issues?.[0]?.message ?? first?.message ?? 'Invalid value.'
}
