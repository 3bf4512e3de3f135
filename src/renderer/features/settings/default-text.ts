import { sizeText } from '../../../shared/byte-size'
import type { SettingDefinition } from '../../../shared/settings/setting-kinds'

/** The default of a setting in a word or two, as its control would show it. */
export function defaultText(setting: SettingDefinition): string {
  switch (setting.kind) {
    case 'switch':
      return setting.default ? 'On' : 'Off'
    case 'number':
      return setting.default.toLocaleString('en')
    case 'choice':
      return setting.options.find(({ value }) => value === setting.default)?.label ?? setting.default
    case 'text':
      return setting.default ?? setting.placeholder
    case 'size':
      return setting.default === null ? 'none' : sizeText(setting.default)
    case 'port-range':
      return `${setting.default.from} to ${setting.default.to}`
    case 'list':
    case 'choices':
      return setting.default.length === 0 ? 'none' : setting.default.join(', ')
    case 'secret':
    case 'groups':
    case 'variables':
      return 'none'
    default:
      return setting satisfies never
  }
}
