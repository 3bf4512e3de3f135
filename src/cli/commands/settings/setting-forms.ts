import type { SettingDefinition } from '../../../shared/settings/setting-kinds'
import { SETTING_KEYS, SETTINGS } from '../../../shared/settings/settings-table'

/** How a value of it is written, for help. */
function formOf(setting: SettingDefinition): string {
  switch (setting.kind) {
    case 'switch':
      return 'true|false'
    case 'number':
      return `${setting.min}-${setting.max}`
    case 'choice':
      return setting.options.map(({ value }) => value).join('|')
    case 'text':
      return 'TEXT|default'
    case 'size':
      return 'SIZE|default'
    case 'list':
      return 'TEXT…'
    case 'choices':
      return `${setting.options.map(({ value }) => value).join('|')}…`
    case 'secret':
      return 'TEXT|default'
    case 'port-range':
      return 'FROM-TO'
    case 'groups':
      return 'NAME,NAME…'
    case 'variables':
      return 'NAME=VALUE…'
    default:
      return setting satisfies never
  }
}

/** Two lines for each setting: how it is written, and what it means. */
export function settingLines(): string[] {
  return SETTING_KEYS.flatMap((key) => {
    const setting: SettingDefinition = SETTINGS[key]
    return [`  ${key} ${formOf(setting)}`, `      ${setting.title}${setting.description === undefined ? '' : `. ${setting.description}`}`]
  })
}
