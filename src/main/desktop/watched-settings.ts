import type { Settings } from '../../shared/contract/settings'

/** The settings as they are, and word of each change. */
export interface WatchedSettings {
  get(): Settings
  onChange(listener: (settings: Settings) => void): unknown
}
