import { join } from 'node:path'
import Conf from 'conf'
import { type Settings, type SettingsPatch, settingsSchema } from '../../shared/contract/settings'
import { writeError } from './atomic-file'
import type { DamagedFiles } from './damaged-files'
import { keepLastGood, readStoredFile } from './stored-file'

export interface SettingsStore {
  get(): Settings
  /** Fields that are left out stay. In force once it is on the disk; throws DISK_FULL, and then all stays as it was. */
  update(patch: SettingsPatch): Settings
  /** Returns what ends it. */
  onChange(listener: (settings: Settings) => void): () => void
}

/** Settings in `settings.json` of that folder, written atomically. One that is damaged is set aside and reported (`readStoredFile`). */
export function openSettings(home: string, damagedFiles: DamagedFiles): SettingsStore {
  const listeners = new Set<(settings: Settings) => void>()
  const path = join(home, 'settings.json')
  let current = readStoredFile(path, settingsSchema, damagedFiles) ?? settingsSchema.parse({})
  const file = new Conf<Record<string, unknown>>({ cwd: home, configName: 'settings', configFileMode: 0o600, clearInvalidConfig: false })
  return {
    get: () => current,
    update(patch) {
      const next = settingsSchema.parse({ ...current, ...patch })
      try {
        file.store = next
      } catch (error) {
        throw writeError(error, path)
      }
      keepLastGood(path)
      current = next
      for (const listener of listeners) listener(current)
      return current
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
