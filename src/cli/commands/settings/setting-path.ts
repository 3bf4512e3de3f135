import type { Settings, SettingsPatch } from '../../../shared/contract/settings'
import { nearestName } from '../../../shared/nearest-name'
import { isSettingKey, SETTING_KEYS, SETTINGS, type SettingKey } from '../../../shared/settings/settings-table'
import { usageError } from '../../cli-error'
import type { CliHost } from '../../context'
import { parseSetting, parseWhole, settingText } from './setting-values'

/** A setting, or one field of it: `sshPorts`, `sshPorts.from`, `env.EDITOR`. */
export interface SettingPath {
  key: SettingKey
  field: string | null
}

const RANGE_FIELDS = ['from', 'to'] as const
const isRangeField = (field: string): field is 'from' | 'to' => (RANGE_FIELDS as readonly string[]).includes(field)

/** For completion: all settings, and those of their fields that are always there. */
export const SETTING_PATHS: readonly string[] = SETTING_KEYS.flatMap((key) =>
  SETTINGS[key].kind === 'port-range' ? [key, ...RANGE_FIELDS.map((field) => `${key}.${field}`)] : [key],
)

/** Throws a usage error with the nearest name. */
export function parseSettingPath(path: string): SettingPath {
  const dot = path.indexOf('.')
  const key = dot === -1 ? path : path.slice(0, dot)
  const field = dot === -1 ? null : path.slice(dot + 1)
  if (!isSettingKey(key)) {
    const nearest = nearestName(key, SETTING_KEYS)
    throw usageError(
      `There is no setting “${key}”.`,
      nearest === null ? '“berth settings” lists them.' : `Did you mean ${nearest}? “berth settings” lists them all.`,
    )
  }
  if (field === null) return { key, field }
  const { kind } = SETTINGS[key]
  if (kind === 'port-range' ? isRangeField(field) : kind === 'variables' && field !== '') return { key, field }
  const next =
    kind === 'port-range' ? `Give ${key}.from or ${key}.to.` : kind === 'variables' ? `Give ${key}.NAME.` : `Leave out “.${field}”.`
  throw usageError(`${key} has no field “${field}”.`, next)
}

export const pathText = ({ key, field }: SettingPath) => (field === null ? key : `${key}.${field}`)

/** The value there; undefined when a variable of that name is not set. */
export function valueAt(settings: Settings, { key, field }: SettingPath): unknown {
  const value: unknown = settings[key]
  return field === null ? value : Object.entries(value as Record<string, unknown>).find(([name]) => name === field)?.[1]
}

/** The change that `settings set` makes; masked variables stay what they are. Throws a usage error. */
export function patchTo(settings: Settings, path: SettingPath, values: readonly string[], env: CliHost['env']): SettingsPatch {
  const { key, field } = path
  if (field === null) return { [key]: parseSetting(key, SETTINGS[key], values, env) }
  const [value, ...more] = values
  if (value === undefined || more.length > 0) {
    throw usageError(`${pathText(path)} takes one value.`, 'Put quotes around a value with spaces in it.')
  }
  return withField(settings, key, field, SETTINGS[key].kind === 'port-range' ? parseWhole(pathText(path), value) : value)
}

/** The change back to the default; a variable is taken away. */
export function patchToDefault(settings: Settings, { key, field }: SettingPath): SettingsPatch {
  const value: unknown = SETTINGS[key].default
  if (field === null) return { [key]: value }
  return withField(settings, key, field, Object.entries(value as Record<string, unknown>).find(([name]) => name === field)?.[1])
}

function withField(settings: Settings, key: SettingKey, field: string, value: unknown): SettingsPatch {
  const others = Object.entries(settings[key] as Record<string, unknown>).filter(([name]) => name !== field)
  return { [key]: Object.fromEntries(value === undefined ? others : [...others, [field, value]]) }
}

/** “sshPorts is 2200-2400”, and of a secret only that it is set. */
export function pathRemark(settings: Settings, path: SettingPath): string {
  if (SETTINGS[path.key].kind === 'secret') return `${path.key} is ${settings[path.key] === null ? 'not set' : 'set'}`
  if (SETTINGS[path.key].kind !== 'variables' || path.field === null)
    return `${pathText(path)} is ${settingText(valueAt(settings, path), SETTINGS[path.key].kind)}`
  return `${pathText(path)} is ${valueAt(settings, path) === undefined ? 'not set' : 'set'}`
}
