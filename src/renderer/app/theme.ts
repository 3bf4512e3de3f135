import type { Settings } from '../../shared/contract/settings'

type Theme = Settings['theme']
type ResolvedTheme = 'light' | 'dark'

/** Kept so that the page has its colours before Berth has told the settings. */
const STORAGE_KEY = 'berth.theme'

const systemIsDark = matchMedia('(prefers-color-scheme: dark)')
let chosen: Theme = storedTheme()

function storedTheme(): Theme {
  const stored = localStorage.getItem(STORAGE_KEY)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

function resolve(): ResolvedTheme {
  if (chosen !== 'system') return chosen
  return systemIsDark.matches ? 'dark' : 'light'
}

function paint(): void {
  document.documentElement.dataset.theme = resolve()
}

/** To be called before the first paint. Follows the system from then on. */
export function setUpTheme(): void {
  paint()
  systemIsDark.addEventListener('change', paint)
}

export function setTheme(theme: Theme): void {
  chosen = theme
  localStorage.setItem(STORAGE_KEY, theme)
  paint()
}
