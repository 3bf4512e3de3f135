import Conf from 'conf'
import { type Settings, type SettingsPatch, settingsSchema } from '../../shared/contract/settings'
import { BerthError } from '../../shared/errors'

export interface SettingsStore {
  get(): Settings
  /** Fields that are left out stay. Throws INPUT_INVALID. */
  update(patch: SettingsPatch): Settings
  /** Returns what ends it. */
  onChange(listener: (settings: Settings) => void): () => void
}

/** Settings in `settings.json` of that folder, written atomically. Throws RECORDS_UNREADABLE when the file is not of its form. */
export function openSettings(home: string): SettingsStore {
  const listeners = new Set<(settings: Settings) => void>()
  const file = openFile(home)
  let current = parse(file.store, file.path)
  return {
    get: () => current,
    update(patch) {
      current = parse({ ...current, ...patch }, file.path)
      file.store = current
      for (const listener of listeners) listener(current)
      return current
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function openFile(home: string): Conf<Record<string, unknown>> {
  try {
    return new Conf<Record<string, unknown>>({ cwd: home, configName: 'settings', configFileMode: 0o600, clearInvalidConfig: false })
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw unreadable(`${home}/settings.json`, error.message)
  }
}

function parse(value: unknown, file: string): Settings {
  const parsed = settingsSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw unreadable(file, parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
}

function unreadable(file: string, reason: string): BerthError {
  return new BerthError('RECORDS_UNREADABLE', `The settings in ${file} cannot be read: ${reason}`, {
    file,
    reason,
    next: 'Put the file right, or move it away to begin with default settings.',
  })
}
