import { nativeTheme } from 'electron'
import type { WatchedSettings } from './watched-settings'

/** Menus, dialogs and `prefers-color-scheme` follow the setting. */
export function setupTheme(settings: WatchedSettings): void {
  nativeTheme.themeSource = settings.get().theme
  settings.onChange(({ theme }) => {
    nativeTheme.themeSource = theme
  })
}

/** What a window shows until its page has painted; the page's own background. */
export function backgroundColor(): string {
  return nativeTheme.shouldUseDarkColors ? '#16181c' : '#ffffff'
}
