import type { SettingsPatch } from '../../../shared/contract/settings'
import { isSettingKey, SETTING_KEYS, SETTINGS, type SettingKey } from '../../../shared/settings/settings-table'
import { usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { formatTable } from '../../output/format/table'
import { printJson, printLines, remark } from '../../output/output'
import { parseSetting, settingText } from './setting-values'

export async function getSettings(context: CliContext, key: string | undefined, { reveal = false } = {}): Promise<void> {
  const known = key === undefined ? undefined : checkKey(key)
  if (reveal && known !== 'env') throw usageError('Only the values of env are masked.', 'Write “berth settings get env --reveal”.')
  await withConnection(context, async ({ client }) => {
    const settings = {
      ...(await client.settings.get()),
      ...(reveal ? { env: (await client.settings.environment({ reveal })).variables } : {}),
    }
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
  // Of the kind that the table says, and checked by the contract.
  const patch: SettingsPatch = { [known]: parseSetting(known, SETTINGS[known], values, context.env) }
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
