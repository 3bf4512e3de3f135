import { app, Menu, type MenuItemConstructorOptions, type Task } from 'electron'
import type { MenuCommand } from '../../shared/door-port'
import type { Workspace } from '../../shared/workspace'
import { LINK_SCHEME } from './outside-requests'

const MOST_SHOWN = 6

/** Running ones first, and of those the newest. */
export function recentWorkspaces(workspaces: readonly Workspace[]): Workspace[] {
  return workspaces
    .filter(({ template }) => !template)
    .toSorted((a, b) => Number(b.running) - Number(a.running) || b.createdAt.localeCompare(a.createdAt))
    .slice(0, MOST_SHOWN)
}

/** Shows them in the menu of the dock (macOS) or the jump list (Windows). Desktops of Linux have a fixed list, which the package brings. */
export function showRecentWorkspaces(
  workspaces: readonly Workspace[],
  send: (command: MenuCommand) => void,
  platform = process.platform,
): void {
  const recent = recentWorkspaces(workspaces)
  if (platform === 'darwin') app.dock?.setMenu(Menu.buildFromTemplate(dockMenu(recent, send)))
  if (platform === 'win32') app.setUserTasks(recent.map(task))
}

function dockMenu(recent: readonly Workspace[], send: (command: MenuCommand) => void): MenuItemConstructorOptions[] {
  return [
    ...recent.map(({ id, name }) => ({ label: name, click: () => send({ command: 'open-workspace', workspaceId: id }) })),
    { type: 'separator' },
    { label: 'New Workspace…', click: () => send({ command: 'new-workspace' }) },
  ]
}

function task({ name }: Workspace): Task {
  return {
    title: name,
    description: `Open ${name} in Berth`,
    program: process.execPath,
    arguments: `${LINK_SCHEME}://workspace/${encodeURIComponent(name)}`,
    iconPath: process.execPath,
    iconIndex: 0,
  }
}
