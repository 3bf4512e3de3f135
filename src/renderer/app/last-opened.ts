const STORAGE_KEY = 'berth.last-opened'

/** The name of the workspace that this browser had open last. */
export function lastOpened(): string | null {
  return localStorage.getItem(STORAGE_KEY)
}

export function rememberOpened(name: string): void {
  localStorage.setItem(STORAGE_KEY, name)
}
