import { navigate } from 'wouter/use-hash-location'
import type { Capability } from '../shared/place-capabilities'

export const WORKSPACE_TABS = ['overview', 'terminal', 'logs', 'files', 'ports', 'snapshots', 'settings'] as const
export type WorkspaceTab = (typeof WORKSPACE_TABS)[number]

/** What a tab needs of the place of its workspace; the others need nothing. */
export const TAB_NEEDS: Partial<Record<WorkspaceTab, Capability>> = { ports: 'ports', snapshots: 'snapshots' }

export const TAB_TITLES: Readonly<Record<WorkspaceTab, string>> = {
  overview: 'Overview',
  terminal: 'Terminal',
  logs: 'Logs',
  files: 'Files',
  ports: 'Ports',
  snapshots: 'Snapshots',
  settings: 'Settings',
}

/** Paths that are linked to from several places. Names are in the address rather than ids: a person can read, keep and type it. */
export const routes = {
  home: '/',
  firstRun: '/welcome',
  activity: '/activity',
  storage: '/storage',
  images: '/images',
  library: '/library',
  engines: '/engines',
  settings: '/settings',
  engine: (name: string) => `/engines/${encodeURIComponent(name)}`,
  workspace: (name: string, tab: WorkspaceTab = 'overview') =>
    `/workspace/${encodeURIComponent(name)}${tab === 'overview' ? '' : `/${tab}`}`,
}

export function go(route: string, options?: { replace?: boolean }): void {
  navigate(route, options)
}

/** Opens a workspace that is being made. Not from the first run, which shows by itself how that goes. */
export function goToNew(name: string): void {
  if (currentPath() !== routes.firstRun) go(routes.workspace(name))
}

/** What is open now, also when the page has not rendered it yet. */
export function currentPath(): string {
  return location.hash.replace(/^#/, '') || routes.home
}

/** The name and tab of a workspace's address; null for any other. */
export function parseWorkspaceRoute(path: string): { name: string; tab: WorkspaceTab } | null {
  const [, first, name, tab = 'overview', ...rest] = path.split('/')
  if (first !== 'workspace' || !name || rest.length > 0) return null
  const known = WORKSPACE_TABS.find((candidate) => candidate === tab)
  return known === undefined ? null : { name: decodeName(name), tab: known }
}

function decodeName(encoded: string): string {
  try {
    return decodeURIComponent(encoded)
  } catch {
    // A stray % typed by hand: take it as it is; no workspace has such a name.
    return encoded
  }
}
