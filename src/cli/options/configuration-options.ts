import { resolve } from 'node:path'
import { Option } from 'commander'
import type { CreationConfiguration } from '../../shared/workspace-configuration/configuration'
import {
  CHANGEABLE_FIELDS,
  CREATION_FIELDS,
  LIMIT_OPTIONS,
  WORKSPACE_FIELDS,
  type WorkspaceField,
} from '../../shared/workspace-configuration/fields'
import type { CliHost } from '../context'
import { collect, parseFraction, parseWhole } from './arguments'
import { parseEnvironment } from './environment-options'
import { givenSize } from './given-size'
import { readScript } from './script-option'

/** What commander makes of the options, by their attribute names. */
export type ConfigurationOptions = Record<string, unknown>

const OFFERED = { creation: CREATION_FIELDS, change: CHANGEABLE_FIELDS } as const
const PARSERS = { size: givenSize, fraction: parseFraction, whole: parseWhole } as const
/** What takes a limit away: commander has no place for null. */
const NONE = 'none'

/** The limits as options: `--limit-cpus` with the prefix `limit-`. */
export function limitOptions(prefix = ''): Option[] {
  return Object.values(LIMIT_OPTIONS).map(({ name, unit, help }) => {
    const parse: (text: string) => number = PARSERS[unit]
    return new Option(`--${prefix}${name} <${unit === 'size' ? 'size' : 'number'}>`, `${help}; “${NONE}” for no limit`).argParser((text) =>
      text === NONE ? NONE : parse(text),
    )
  })
}

/** The limits that were given by `limitOptions`; null for one to be taken away. */
export function givenLimits(options: ConfigurationOptions, prefix = ''): NonNullable<CreationConfiguration['limits']> {
  const declared = limitOptions(prefix)
  const limits = Object.keys(LIMIT_OPTIONS).map((key, index) => {
    const value = options[declared[index]?.attributeName() ?? '']
    return [key, value === NONE ? null : value]
  })
  return Object.fromEntries(limits.filter(([, value]) => value !== undefined))
}

/** The options for what can be chosen for a new workspace, or changed of one that exists. */
export function configurationOptions(use: keyof typeof OFFERED): Option[] {
  return OFFERED[use].flatMap((name) => {
    const field: WorkspaceField = WORKSPACE_FIELDS[name]
    if (field.kind === 'limits') return limitOptions('limit-')
    if (field.option === null) return []
    const option = new Option(field.option.flags, field.option.help)
    if (field.kind === 'variables') option.argParser(collect).default([], 'none')
    if (field.kind === 'paths' || field.kind === 'names') option.argParser((path: string, before: string[] = []) => [...before, path])
    if (field.kind === 'number') option.argParser(parseWhole)
    if (field.choices) option.choices(field.choices)
    if (name === 'distro') option.conflicts('image')
    return [option]
  })
}

/**
 * What was given by `configurationOptions`, as the API takes it; scripts are read. Values are checked where they are used, so that every door gives
 * the same reason. Throws a usage error for a script that cannot be read.
 */
export async function givenConfiguration(
  use: keyof typeof OFFERED,
  options: ConfigurationOptions,
  host: Pick<CliHost, 'env' | 'stdin'>,
): Promise<CreationConfiguration> {
  const given = OFFERED[use].map(async (name): Promise<[string, unknown]> => {
    const { kind, option }: WorkspaceField = WORKSPACE_FIELDS[name]
    const value = option === null ? undefined : options[new Option(option.flags).attributeName()]
    switch (kind) {
      case 'limits':
        return [name, nonEmpty(givenLimits(options, 'limit-'))]
      case 'variables':
        return [name, nonEmpty(parseEnvironment((value ?? []) as string[], host.env))]
      case 'script':
        return [name, value === undefined ? undefined : await readScript(value as string, host.stdin)]
      case 'paths':
        // An empty one alone takes all away.
        return [
          name,
          (value as string[] | undefined)?.filter((path) => path !== '').map((path) => (path.startsWith('~/') ? path : resolve(path))),
        ]
      case 'names':
        return [name, (value as string[] | undefined)?.filter((given) => given !== '')]
      default:
        return [name, value]
    }
  })
  return Object.fromEntries((await Promise.all(given)).filter(([, value]) => value !== undefined))
}

const nonEmpty = <Given extends object>(given: Given) => (Object.keys(given).length === 0 ? undefined : given)
