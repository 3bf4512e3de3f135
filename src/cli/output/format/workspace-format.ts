import { sshHostOf } from '../../../shared/ssh-host'
import type { Workspace } from '../../../shared/workspace'
import { usageError } from '../../cli-error'
import { oneLine } from './plain-text'

/** What `--format` can show of a workspace; nothing for what it has not. */
const FIELDS: Readonly<Record<string, (workspace: Workspace) => string | null>> = {
  name: ({ name }) => name,
  id: ({ id }) => id,
  status: ({ status }) => status,
  detail: ({ statusDetail, problem }) => problem?.message ?? statusDetail,
  kind: ({ kind }) => kind,
  engine: ({ engine }) => engine,
  image: ({ image }) => image,
  port: ({ ports }) => (ports.ssh === null ? null : String(ports.ssh)),
  host: ({ name, ports }) => (ports.ssh === null ? null : sshHostOf(name)),
  folder: ({ host }) => host?.folder ?? null,
  repo: ({ repo }) => repo,
  label: ({ label }) => label,
  template: ({ template }) => String(template),
  storage: ({ storage }) => storage,
  created: ({ createdAt }) => createdAt,
  used: ({ lastUsedAt }) => lastUsedAt,
}
const FIELD_NAMES = Object.keys(FIELDS)
const PLACEHOLDER = /\{([^{}]*)\}/g
const EXAMPLE = "--format '{name} {status}'"

/** For help texts. */
export const FORMAT_NOTE = `--format writes a line for each: ${FIELD_NAMES.map((name) => `{${name}}`).join(' ')}; \\t is a tab.`

/** “{name} {status}” as a function. Throws a usage error, which lists the fields, for one that there is not, and for a text without any. */
export function workspaceFormat(format: string): (workspace: Workspace) => string {
  const names = [...format.matchAll(PLACEHOLDER)].map(([, name = '']) => name)
  if (names.length === 0) throw usageError(`“${format}” has no field in it.`, `Write ${EXAMPLE}. The fields: ${FIELD_NAMES.join(', ')}.`)
  for (const name of names) {
    if (!Object.hasOwn(FIELDS, name)) throw usageError(`There is no field “${name}”.`, `The fields: ${FIELD_NAMES.join(', ')}.`)
  }
  const text = format.replaceAll('\\t', '\t')
  return (workspace) => text.replace(PLACEHOLDER, (_, name: string) => oneLine(FIELDS[name]?.(workspace) ?? ''))
}
