import { isDeepStrictEqual } from 'node:util'
import type { SettingsPatch } from '../../../shared/contract/settings'
import type { SettingDefinition } from '../../../shared/settings/setting-kinds'
import { isSettingFound } from '../../../shared/settings/setting-search'
import { SETTING_KEYS, SETTINGS } from '../../../shared/settings/settings-table'
import { CliError, usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { columnsOf } from '../../output/format/paint'
import { formatTable } from '../../output/format/table'
import { printJson, printLines, remark } from '../../output/output'
import { parseSettingPath, patchTo, patchToDefault, pathRemark, pathText, valueAt } from './setting-path'
import { settingText } from './setting-values'

/** All settings, or those with all the words in their name, title or description. */
export async function listSettings(context: CliContext, words: readonly string[], { changed = false } = {}): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const settings = await client.settings.get()
    const found = SETTING_KEYS.map((key) => {
      const { title, description, section, kind, default: initial }: SettingDefinition = SETTINGS[key]
      const value: unknown = settings[key]
      return {
        key,
        title,
        description: description ?? null,
        section,
        kind,
        value,
        default: initial,
        changed: !isDeepStrictEqual(value, initial),
      }
    }).filter((setting) => isSettingFound(setting.key, words) && (setting.changed || !changed))
    if (context.options.json) return printJson(context, found)
    if (found.length === 0) remark(context, changed && words.length === 0 ? 'All settings have their defaults.' : 'No setting fits that.')
    else
      printLines(
        context,
        formatTable(
          found.map((setting) => [setting.key, settingText(setting.value, setting.kind), mark(setting), setting.title]),
          undefined,
          { columns: columnsOf(context.stdout) },
        ),
      )
  })
}

const mark = ({ changed, default: initial, kind }: { changed: boolean; default: unknown; kind: SettingDefinition['kind'] }) =>
  changed ? `changed from ${settingText(initial, kind)}` : ''

export async function getSettings(context: CliContext, name: string | undefined, { reveal = false } = {}): Promise<void> {
  const path = name === undefined ? null : parseSettingPath(name)
  if (reveal && path?.key !== 'env') throw usageError('Only the values of env are masked.', 'Write “berth settings get env --reveal”.')
  await withConnection(context, async ({ client }) => {
    const settings = {
      ...(await client.settings.get()),
      ...(reveal ? { env: (await client.settings.environment({ reveal })).variables } : {}),
    }
    if (path !== null) {
      const value = valueAt(settings, path)
      if (value === undefined)
        throw new CliError('USAGE', `${pathText(path)} is not set.`, { next: '“berth settings get env” lists the variables.' })
      if (context.options.json) printJson(context, value)
      else printLines(context, [settingText(value, SETTINGS[path.key].kind)])
    } else if (context.options.json) printJson(context, settings)
    else printLines(context, formatTable(SETTING_KEYS.map((key) => [key, settingText(settings[key], SETTINGS[key].kind)])))
  })
}

/** With --json all settings as they are then. */
export async function setSetting(context: CliContext, name: string, values: readonly string[]): Promise<void> {
  const path = parseSettingPath(name)
  await withConnection(context, async ({ client }) => {
    // Of the kind that the table says, and checked by the contract.
    const settings = await client.settings.update(patchTo(await client.settings.get(), path, values, context.env))
    if (context.options.json) printJson(context, settings)
    else remark(context, pathRemark(settings, path))
  })
}

/** Back to the defaults, all at once. With --json all settings as they are then. */
export async function resetSettings(context: CliContext, names: readonly string[]): Promise<void> {
  const paths = names.map(parseSettingPath)
  await withConnection(context, async ({ client }) => {
    const before = await client.settings.get()
    let patch: SettingsPatch = {}
    for (const path of paths) patch = { ...patch, ...patchToDefault(Object.assign({}, before, patch), path) }
    const settings = await client.settings.update(patch)
    if (context.options.json) printJson(context, settings)
    else for (const path of paths) remark(context, pathRemark(settings, path))
  })
}
