import { sizeText } from '../../../shared/byte-size'
import type { SettingDefinition } from '../../../shared/settings/setting-kinds'
import { usageError } from '../../cli-error'
import type { CliHost } from '../../context'
import { parseEnvironment } from '../../options/environment-options'
import { givenSize } from '../../options/given-size'

/** The word for a setting that is left to Berth, and for a list without anything in it. */
const DEFAULT = 'default'

/** The value that the arguments of `settings set KEY` stand for. Throws a usage error; limits are checked by the contract. */
export function parseSetting(key: string, setting: SettingDefinition, values: readonly string[], env: CliHost['env']): unknown {
  const items = values.filter((value) => value !== '' && value !== DEFAULT)
  switch (setting.kind) {
    case 'list':
      return items
    case 'choices':
      return items.map((item) =>
        oneOf(
          key,
          item,
          setting.options.map((option) => option.value),
        ),
      )
    case 'groups':
      return items.map(parseGroup)
    case 'variables':
      return parseEnvironment(items, env)
    default:
      return parseSingle(key, setting, oneValue(key, values))
  }
}

type SingleSetting = Exclude<SettingDefinition, { kind: 'list' | 'choices' | 'groups' | 'variables' }>

function parseSingle(key: string, setting: SingleSetting, value: string): unknown {
  switch (setting.kind) {
    case 'switch':
      return oneOf(key, value, ['true', 'false']) === 'true'
    case 'number':
      return parseWhole(key, value)
    case 'choice':
      return oneOf(
        key,
        value,
        setting.options.map((option) => option.value),
      )
    case 'text':
    case 'secret':
      return value === DEFAULT ? null : value
    case 'size':
      return value === DEFAULT ? null : givenSize(value)
    case 'port-range': {
      const [from, to, ...more] = value.split('-')
      if (from === undefined || to === undefined || more.length > 0)
        throw usageError(`“${value}” is not a range of ports.`, 'Write it as 2200-2400.')
      return { from: parseWhole(key, from), to: parseWhole(key, to) }
    }
    default:
      return setting satisfies never
  }
}

/** A setting, or a part of one, in the form in which it is set. */
export function settingText(value: unknown, kind?: SettingDefinition['kind']): string {
  if (kind === 'size' && typeof value === 'number') return sizeText(value)
  if (value === null) return DEFAULT
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.map((item) => (Array.isArray(item) ? item.join(',') : String(item))).join(' ')
  const entries = Object.entries(value)
  if ('from' in value && typeof value.from === 'number') return entries.map(([, end]) => end).join('-')
  return entries.map(([name, text]) => `${name}=${text}`).join(' ')
}

function oneValue(key: string, values: readonly string[]): string {
  const [value, ...more] = values
  if (value === undefined || more.length > 0) throw usageError(`${key} takes one value.`, 'Put quotes around a value with spaces in it.')
  return value
}

function parseGroup(value: string): string[] {
  const group = value.split(',').map((name) => name.trim())
  if (group.length < 2 || group.includes(''))
    throw usageError(`“${value}” is not a group.`, 'Give at least two names with a comma between: api,db.')
  return group
}

function oneOf(key: string, value: string, choices: readonly string[]): string {
  if (choices.includes(value)) return value
  throw usageError(`${key} cannot be “${value}”.`, `Give one of ${choices.join(', ')}.`)
}

export function parseWhole(key: string, value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value)
  throw usageError(`${key} cannot be “${value}”.`, 'Give a whole number.')
}
