import { join } from 'node:path'
import { app, Menu, Tray } from 'electron'
import type { BerthEvent } from '../../shared/contract/events'
import type { MenuCommand } from '../../shared/door-port'
import { needsAttention } from '../../shared/needs-attention'
import type { WorkspacePorts } from '../../shared/port-forward'
import type { Workspace } from '../../shared/workspace'
import { reportFailure } from './failure-dialog'
import { showRecentWorkspaces } from './recent-workspaces'
import { trayMenu } from './tray-menu'

/** Events come in bursts; the menu is made anew once for each. */
const COALESCE_MS = 100

interface TrayCore {
  workspaces: { list(): Workspace[]; start(options: { name: string }): Promise<unknown>; stop(reference: string): Promise<unknown> }
  forwards: { all(): WorkspacePorts[] }
  events: { subscribe(listener: (event: BerthEvent) => void): unknown }
}

/** The icon in the system's tray, with the workspaces in its menu. */
export function setupTray({
  core,
  icons,
  open,
  send,
}: {
  core: TrayCore
  icons: string
  open: () => void
  send: (command: MenuCommand) => void
}): void {
  // macOS colours template images itself.
  const tray = new Tray(join(icons, process.platform === 'darwin' ? 'trayTemplate.png' : 'tray.png'))
  const actions = {
    open,
    send,
    start: ({ name }: Workspace) => void core.workspaces.start({ name }).catch(reportFailure),
    stop: ({ id }: Workspace) => void core.workspaces.stop(id).catch(reportFailure),
    quit: () => app.quit(),
  }
  let isRebuildDue = false

  function rebuild(): void {
    isRebuildDue = false
    const workspaces = core.workspaces.list()
    const running = workspaces.filter(({ running }) => running).length
    const troubled = workspaces.filter(needsAttention).length
    tray.setToolTip(`Berth: ${running} of ${workspaces.length} running${troubled > 0 ? `, ${troubled} need attention` : ''}`)
    // In the dock of macOS, and where launchers of Linux show it.
    app.setBadgeCount(troubled)
    const listeners = new Map(core.forwards.all().map((ports) => [ports.workspaceId, ports.listeners ?? []]))
    tray.setContextMenu(Menu.buildFromTemplate(trayMenu(workspaces, actions, listeners)))
    showRecentWorkspaces(workspaces, send)
  }

  // On macOS a click opens the menu, and that is all it should do.
  if (process.platform !== 'darwin') tray.on('click', open)
  core.events.subscribe(({ type }) => {
    const isShown = type === 'workspace' || type === 'workspace-removed' || type === 'snapshot' || type === 'ports'
    if (!isShown || isRebuildDue) return
    isRebuildDue = true
    setTimeout(rebuild, COALESCE_MS)
  })
  rebuild()
}
