import type { MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '../../shared/door-port'
import { needsAttention } from '../../shared/needs-attention'
import type { PortListener } from '../../shared/port-forward'
import type { Workspace, WorkspaceStatus } from '../../shared/workspace'

/** More than a menu can show well. */
const MAX_SHOWN = 20
/** From so many on, looking for one by its name is faster than reading. */
const SEARCH_FROM = 10
const MAX_PORTS = 10

export interface TrayActions {
  open(): void
  send(command: MenuCommand): void
  start(workspace: Workspace): void
  stop(workspace: Workspace): void
  quit(): void
}

/** Running workspaces first, templates last, each group by name. `listeners`: what is known to listen in them, by their ids. */
export function trayMenu(
  workspaces: Workspace[],
  actions: TrayActions,
  listeners: ReadonlyMap<string, readonly PortListener[]> = new Map(),
): MenuItemConstructorOptions[] {
  const ordered = workspaces.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const hidden = ordered.length - MAX_SHOWN
  const troubled = workspaces.filter(needsAttention)
  return [
    ...(workspaces.length >= SEARCH_FROM ? [{ label: 'Search…', click: () => actions.send({ command: 'palette' }) }] : []),
    ...troubled.slice(0, MAX_SHOWN).map(({ id, name }) => ({
      label: `▲ ${name} needs attention`,
      click: () => actions.send({ command: 'open-workspace', workspaceId: id }),
    })),
    ...(troubled.length > 0 || workspaces.length >= SEARCH_FROM ? [separator] : []),
    ...ordered.slice(0, MAX_SHOWN).map((workspace) => workspaceItem(workspace, actions, listeners.get(workspace.id) ?? [])),
    ...(hidden > 0 ? [{ label: `${hidden} more…`, click: actions.open }] : []),
    ...(ordered.length === 0 ? [{ label: 'No workspaces', enabled: false }] : []),
    separator,
    { label: 'New Workspace…', click: () => actions.send({ command: 'new-workspace' }) },
    { label: 'Open Berth', click: actions.open },
    separator,
    { label: 'Quit Berth', click: actions.quit },
  ]
}

function workspaceItem(workspace: Workspace, actions: TrayActions, listeners: readonly PortListener[]): MenuItemConstructorOptions {
  const { id: workspaceId, name, status, running, template } = workspace
  const canStart = !running && (status === 'stopped' || status === 'error')
  const canCopy = canStart || running
  const clone: MenuItemConstructorOptions = {
    label: template ? 'New Workspace from It…' : 'Clone…',
    enabled: canCopy,
    click: () => actions.send({ command: 'clone', workspaceId }),
  }
  const open: MenuItemConstructorOptions = { label: 'Open', click: () => actions.send({ command: 'open-workspace', workspaceId }) }
  const portItem = ({ port, process, container }: PortListener): MenuItemConstructorOptions => ({
    label: process === null ? String(port) : `${port}: ${process.replaceAll('_', '-').replaceAll('&', '+').slice(0, 40)}`,
    click: () => actions.send({ command: 'open-port', workspaceId, port, container }),
  })
  if (template && status === 'stopped') return { label: `◇ ${name}`, submenu: [open, clone] }
  return {
    // Linux reads an underscore, Windows an ampersand as a mnemonic; names have neither.
    label: `${symbol(status)} ${name}`,
    submenu: [
      open,
      { label: 'Terminal', enabled: running, click: () => actions.send({ command: 'open-terminal', workspaceId }) },
      ...(running && listeners.length > 0
        ? [{ label: 'Open Port', submenu: listeners.slice(0, MAX_PORTS).map((listener) => portItem(listener)) }]
        : []),
      { type: 'separator' },
      canStart
        ? { label: 'Start', click: () => actions.start(workspace) }
        : { label: 'Stop', enabled: running, click: () => actions.stop(workspace) },
      clone,
    ],
  }
}

function rank({ status, template }: Workspace): number {
  if (status === 'running') return 0
  if (template) return 3
  return status === 'stopped' ? 2 : 1
}

/** As in the sidebar: the shape tells as much as a colour would. */
function symbol(status: WorkspaceStatus): string {
  switch (status) {
    case 'running':
      return '●'
    case 'stopped':
      return '○'
    case 'error':
      return '✕'
    case 'pending':
    case 'building':
    case 'starting':
    case 'stopping':
    case 'deleting':
      return '◐'
    default:
      return status satisfies never
  }
}
