import type { Settings, SettingsPatch } from '../../../shared/contract/settings'
import { usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { parseEnvironment } from '../../options/environment-options'
import { parseSize } from '../../output/format/parse-size'
import { formatTable } from '../../output/format/table'
import { printJson, printLines, remark } from '../../output/output'
import { isSettingKey, SETTING_KEYS, type SettingKey } from './setting-keys'

export async function getSettings(context: CliContext, key: string | undefined): Promise<void> {
  const known = key === undefined ? undefined : checkKey(key)
  await withConnection(context, async ({ client }) => {
    const settings = await client.settings.get()
    if (known !== undefined) {
      if (context.options.json) printJson(context, settings[known])
      else printLines(context, [settingText(settings[known])])
    } else if (context.options.json) printJson(context, settings)
    else printLines(context, formatTable(SETTING_KEYS.map((name) => [name, settingText(settings[name])])))
  })
}

/** With --json all settings as they are then. */
export async function setSetting(context: CliContext, key: string, values: readonly string[]): Promise<void> {
  const known = checkKey(key)
  const patch = settingsPatch(known, values, context.env)
  await withConnection(context, async ({ client }) => {
    const settings = await client.settings.update(patch)
    if (context.options.json) printJson(context, settings)
    else remark(context, `${known} is ${settingText(settings[known])}`)
  })
}

function checkKey(key: string): SettingKey {
  if (isSettingKey(key)) return key
  throw usageError(`There is no setting “${key}”.`, `The settings are ${SETTING_KEYS.join(', ')}.`)
}

export function settingText(value: Settings[SettingKey]): string {
  if (value === null) return 'default'
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return value.map((group) => group.join(',')).join(' ')
  if ('from' in value && typeof value.from === 'number') return `${value.from}-${value.to}`
  return Object.entries(value)
    .map(([name, text]) => `${name}=${text}`)
    .join(' ')
}

/** What `settings set KEY VALUE…` changes. `default` stands for null where a setting may be left to Berth. */
export function settingsPatch(key: SettingKey, values: readonly string[], env: CliContext['env']): SettingsPatch {
  if (key === 'env')
    return {
      env: parseEnvironment(
        values.filter((value) => value !== ''),
        env,
      ),
    }
  if (key === 'visibleWorkspaces') return { visibleWorkspaces: parseGroups(values) }
  const [value, ...more] = values
  if (value === undefined || more.length > 0) throw usageError(`${key} takes one value.`, 'Put quotes around a value with spaces in it.')
  switch (key) {
    case 'sshPorts':
      return { sshPorts: parseRange(value) }
    case 'sshAddress':
      return { sshAddress: oneOf(key, value, ['127.0.0.1', '0.0.0.0']) }
    case 'newWorkspaceStorage':
      return { newWorkspaceStorage: oneOf(key, value, ['plain', 'btrfs']) }
    case 'forwardPorts':
      return { forwardPorts: oneOf(key, value, ['ask', 'auto']) }
    case 'theme':
      return { theme: oneOf(key, value, ['system', 'light', 'dark']) }
    case 'terminalBell':
      return { terminalBell: oneOf(key, value, ['visual', 'off']) }
    case 'totalDiskBytes':
      return { totalDiskBytes: value === 'default' ? null : parseSize(value) }
    case 'engineEndpoint':
    case 'image':
    case 'terminalFontFamily':
      return { [key]: value === 'default' ? null : value }
    case 'stopWorkspacesOnQuit':
    case 'snapshotBeforeRestore':
    case 'terminalCopyOnSelect':
      return { [key]: oneOf(key, value, ['true', 'false']) === 'true' }
    case 'automaticSnapshotsKept':
    case 'terminalFontSize':
    case 'terminalScrollback':
      return { [key]: parseWhole(key, value) }
    default:
      return key satisfies never
  }
}

/** A group an argument: `api,db`. None at all, or `default`, for no groups. */
function parseGroups(values: readonly string[]): Settings['visibleWorkspaces'] {
  const groups = values.filter((value) => value !== '' && value !== 'default').map((value) => value.split(',').map((name) => name.trim()))
  const alone = groups.find((group) => group.length < 2 || group.includes(''))
  if (alone) throw usageError(`“${alone.join(',')}” is not a group.`, 'Give at least two names with a comma between: api,db.')
  return groups
}

function oneOf<const Choice extends string>(key: SettingKey, value: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === value)
  if (choice === undefined) throw usageError(`${key} cannot be “${value}”.`, `Give one of ${choices.join(', ')}.`)
  return choice
}

function parseRange(value: string): Settings['sshPorts'] {
  const [from, to, ...more] = value.split('-')
  if (from === undefined || to === undefined || more.length > 0)
    throw usageError(`“${value}” is not a range of ports.`, 'Write it as 2200-2400.')
  return { from: parseWhole('sshPorts', from), to: parseWhole('sshPorts', to) }
}

function parseWhole(key: SettingKey, value: string): number {
  if (/^\d{1,9}$/.test(value)) return Number(value)
  throw usageError(`${key} cannot be “${value}”.`, 'Give a whole number.')
}
