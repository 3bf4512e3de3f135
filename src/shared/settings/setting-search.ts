import { SETTING_SECTIONS, type SettingDefinition } from './setting-kinds'
import { SETTINGS, type SettingKey } from './settings-table'

/** Whether each of the words is in its key, title, description or section, in any case. Every setting fits no words. */
export function isSettingFound(key: SettingKey, words: readonly string[]): boolean {
  const { title, description, section }: SettingDefinition = SETTINGS[key]
  const text = `${key} ${title} ${description ?? ''} ${SETTING_SECTIONS[section].title}`.toLowerCase()
  return words.every((word) => text.includes(word.toLowerCase()))
}
