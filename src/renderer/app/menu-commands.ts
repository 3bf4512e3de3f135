import type { MenuCommand } from '../../shared/door-port'
import { connection } from '../client'
import { go, routes } from '../routes'
import { openDialog, openNewWorkspace } from '../store/dialogs'
import { useStore } from '../store/store'
import { noteAttention } from '../ui/attention'
import { showNotice } from '../ui/notice'

/** What the menu and the tray of the desktop app ask of the page. In a browser there is neither. */
export async function followMenuCommands(): Promise<void> {
  if (connection.kind !== 'port') return
  // With all that checks it, which the page in a browser does not need.
  const { menuCommandSchema } = await import('../../shared/door-port')
  const port = connection.requestPort({ kind: 'menu' })
  port.addEventListener('message', ({ data }) => {
    const parsed = menuCommandSchema.safeParse(data)
    // A newer main process may send what this page does not know yet.
    if (parsed.success) follow(parsed.data)
  })
  port.start()
}

function follow(command: MenuCommand): void {
  noteAttention()
  switch (command.command) {
    case 'new-workspace':
      return openNewWorkspace()
    case 'settings':
      return go(routes.settings)
    case 'palette':
      return openDialog({ kind: 'palette' })
    case 'shortcuts':
      return openDialog({ kind: 'shortcuts' })
    case 'open-workspace':
      return openWorkspace(command.workspaceId, 'overview')
    case 'open-terminal':
      return openWorkspace(command.workspaceId, 'terminal')
    case 'clone':
      return openDialog({ kind: 'clone-workspace', workspaceId: command.workspaceId })
    case 'page-recovered':
      return void showNotice({
        tone: 'bad',
        title: 'The window crashed and was reloaded',
        message: 'Workspaces and terminals kept running. If it happens again, report the problem from the Help menu.',
      })
    default:
      return command satisfies never
  }
}

/** The page may have just been opened: what it does not know yet is found by its id once it does. */
function openWorkspace(workspaceId: string, tab: 'overview' | 'terminal'): void {
  const name = useStore.getState().workspaces.byId[workspaceId]?.name
  go(routes.workspace(name ?? workspaceId, tab))
}
