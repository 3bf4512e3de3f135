import { isDeepStrictEqual } from 'node:util'
import type { EngineView } from '../../../shared/contract/engines'
import type { Settings } from '../../../shared/contract/settings'
import type { SystemInfo } from '../../../shared/contract/system'
import { ENGINE_PRODUCTS } from '../../../shared/engine-products'
import type { Finding } from '../../../shared/finding'
import { SECRET_MASK } from '../../../shared/secret'
import type { SettingDefinition } from '../../../shared/settings/setting-kinds'
import { SETTING_KEYS, SETTINGS } from '../../../shared/settings/settings-table'
import type { Workspace } from '../../../shared/workspace'
import { maskSecrets } from '../base/mask-secrets'

export interface ReportParts {
  info: Pick<SystemInfo, 'version' | 'door' | 'platform' | 'arch'>
  /** Of the system. */
  release: string
  engines: readonly EngineView[]
  settings: Settings
  workspaces: readonly Workspace[]
  findings: readonly Finding[]
  /** The last lines of Berth's log, or why there are none. */
  log: readonly string[]
}

/** A name and a password in a URL, and tokens by the beginnings that their makers gave them. */
const LOOKS_SECRET = /(?<=:\/\/)[^\s/@]+@|\b(?:gh[a-z]_|github_pat_|glpat-)[\w-]+|\b(?:Bearer\s+|token=)[\w.~+/=-]+/g
const LONGEST_LINE = 500

/** A template for a report in Markdown, with places for what only a person knows. `secrets` are masked wherever they are, and `home` is written as “~”. */
export function problemReport(parts: ReportParts, secrets: readonly string[], home: string): string {
  const { info } = parts
  const text = [
    '<!-- Secrets that Berth knows are masked. Review it before you share it. -->',
    ...section('What happened', ['<!-- What you did, and what happened then. -->']),
    ...section('What should have happened', ['<!-- -->']),
    ...section('Version', [
      `- Berth ${info.version} (${info.door}), on Node.js ${process.versions.node}`,
      `- ${info.platform} ${info.arch}, ${parts.release}`,
    ]),
    ...section('Engines', list(parts.engines.map(engineLine), 'None.')),
    ...section('Workspaces', list(parts.workspaces.map(workspaceLine), 'None.')),
    ...section('Settings that were changed', list(changedSettings(parts.settings), 'None.')),
    ...section('What “berth doctor” finds', list(parts.findings.map(findingLine), 'Everything that should exist does.')),
    ...section('Last lines of the log', [
      '```text',
      ...parts.log.map((line) => line.slice(0, LONGEST_LINE).replaceAll('```', "'''")),
      '```',
    ]),
  ].join('\n')
  return `${maskSecrets(text, secrets)
    .replace(LOOKS_SECRET, (found) => (found.endsWith('@') ? `${SECRET_MASK}@` : SECRET_MASK))
    .replaceAll(home, '~')}\n`
}

function section(title: string, lines: readonly string[]): string[] {
  return ['', `## ${title}`, '', ...lines]
}

function list(items: readonly string[], none: string): string[] {
  return items.length === 0 ? [none] : items.map((item) => `- ${item}`)
}

/** Without its name and address. */
function engineLine({ state }: EngineView): string {
  if (state.status !== 'connected') return state.status
  const { product, version, operatingSystem, architecture } = state
  return `${ENGINE_PRODUCTS[product]} ${version}, ${operatingSystem}, ${architecture}`
}

/** Without its name, label and repository: these are nobody else's business. */
function workspaceLine({ kind, status, storage, engine, imageOutdated, problem }: Workspace): string {
  const parts = [kind, status, storage, engine === null ? null : `on ${engine}`, imageOutdated ? 'image out of date' : null]
  return `${parts.filter((part) => part !== null).join(', ')}${problem === null ? '' : `: ${problem.code}, ${problem.message}`}`
}

function findingLine({ severity, outcome, message }: Finding): string {
  return `${severity}, ${outcome}: ${message}`
}

function changedSettings(settings: Settings): string[] {
  return SETTING_KEYS.flatMap((key) => {
    const { kind, default: initial }: SettingDefinition = SETTINGS[key]
    if (isDeepStrictEqual(settings[key], initial)) return []
    return [`${key}: ${shownSetting(kind, settings[key])}`]
  })
}

/** Of variables only the names. */
function shownSetting(kind: SettingDefinition['kind'], value: unknown): string {
  if (kind === 'secret') return SECRET_MASK
  if (kind === 'variables') return Object.keys(value ?? {}).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}
