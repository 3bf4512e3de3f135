import { repoUrlProblem } from '../../../shared/repo-url'
import { environmentSchema } from '../../../shared/workspace'
import { workspaceNameProblem } from '../../../shared/workspace-name'
import type { WorkspaceDraft } from '../../store/dialogs'

const MAX_LABEL_LENGTH = 64
const MAX_IMAGE_LENGTH = 512

/** Why a field cannot be taken, in words; null where it can. */
export interface DraftProblems {
  name: string | null
  label: string | null
  repo: string | null
  image: string | null
  env: string | null
}

export interface CreationInput {
  name: string
  label?: string
  clone?: string
  image?: string
  env?: Record<string, string>
  template?: string
}

/** Why `name` cannot be that of a new workspace; `isTaken` knows the names that exist. */
export function newNameProblem(name: string, isTaken: (name: string) => boolean): string | null {
  return workspaceNameProblem(name) ?? (isTaken(name) ? 'There is a workspace of this name already.' : null)
}

export function labelProblem(label: string): string | null {
  return label.length > MAX_LABEL_LENGTH ? `At most ${MAX_LABEL_LENGTH} characters; this has ${label.length}.` : null
}

/** Checks what was typed; `isTaken` knows the names that exist. Repository and image come with a template, and are not looked at then. */
export function draftProblems(draft: WorkspaceDraft, isTaken: (name: string) => boolean = () => false): DraftProblems {
  const name = draft.name.trim()
  const label = draft.label.trim()
  const repo = draft.repo.trim()
  const image = draft.image.trim()
  const env = parseEnvLines(draft.env)
  const nameProblem = newNameProblem(name, isTaken)
  const isNew = draft.template === ''
  return {
    name: nameProblem,
    label: labelProblem(label),
    repo: repo === '' || !isNew ? null : repoUrlProblem(repo),
    image: isNew ? imageProblem(image) : null,
    env: env.ok ? null : env.problem,
  }
}

export function parseDraft(draft: WorkspaceDraft): { ok: true; input: CreationInput } | { ok: false; problems: DraftProblems } {
  const problems = draftProblems(draft)
  const env = parseEnvLines(draft.env)
  if (!env.ok || Object.values(problems).some((problem) => problem !== null)) return { ok: false, problems }
  const label = draft.label.trim()
  const { template } = draft
  const clone = template === '' ? draft.repo.trim() : ''
  const image = template === '' ? draft.image.trim() : ''
  return {
    ok: true,
    input: {
      name: draft.name.trim(),
      ...(template === '' ? {} : { template }),
      ...(label === '' ? {} : { label }),
      ...(clone === '' ? {} : { clone }),
      ...(image === '' ? {} : { image }),
      ...(Object.keys(env.env).length === 0 ? {} : { env: env.env }),
    },
  }
}

function imageProblem(image: string): string | null {
  if (image.length > MAX_IMAGE_LENGTH) return `At most ${MAX_IMAGE_LENGTH} characters.`
  return image.includes(' ') ? 'An image reference has no spaces: debian:12, ghcr.io/owner/image:tag.' : null
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
  return first?.issues?.[0]?.message ?? first?.message ?? 'It cannot be taken.'
}
