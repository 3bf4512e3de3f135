import type { PortListener, WorkspacePorts } from '../../../shared/port-forward'
import { isSamePort } from '../../../shared/port-target'
import { currentPath, parseWorkspaceRoute } from '../../routes'
import { useStore } from '../../store/store'
import { showNotice } from '../../ui/notice'
import { forwardPort, openPort } from '../../workspace-model/ports/port-actions'

/** Told already, so that a server which is restarted again and again is told of once. */
const told = new Set<string>()

/** To be called with the ports of a workspace before and after a change: tells of what has begun to listen. */
export function noticeListeners(before: WorkspacePorts | undefined, after: WorkspacePorts): void {
  const { settings, workspaces } = useStore.getState()
  const workspace = workspaces.byId[after.workspaceId]
  // What a workspace starts with is no news.
  if (settings?.forwardPorts !== 'ask' || before?.listeners == null || !workspace) return
  const known = before.listeners
  for (const listener of after.listeners ?? []) {
    if (known.some((other) => isSamePort(other, listener)) || after.forwards.some((forward) => isSamePort(forward, listener))) continue
    if (isTold(workspace.id, listener) || isInSight(workspace.name)) continue
    showNotice({
      tone: 'plain',
      id: `port ${workspace.id} ${listener.port}`,
      title: `${listener.process ?? 'A program'} listens on port ${listener.port}`,
      message: `In ${listener.container === null ? workspace.name : `${listener.container}, in ${workspace.name}`}.`,
      actions: [
        { label: 'Open in browser', run: () => void openPort(workspace.id, listener) },
        { label: 'Forward', run: () => void forwardPort(workspace.id, listener) },
      ],
    })
  }
}

function isTold(workspaceId: string, { port, container }: PortListener): boolean {
  const key = `${workspaceId} ${container ?? ''} ${port}`
  if (told.has(key)) return true
  told.add(key)
  return false
}

function isInSight(name: string): boolean {
  const open = parseWorkspaceRoute(currentPath())
  return open?.name === name && open.tab === 'ports'
}
