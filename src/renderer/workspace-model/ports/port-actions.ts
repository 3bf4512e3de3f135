import { isSamePort, type PortTarget } from '../../../shared/port-target'
import { client } from '../../client'
import { go, routes } from '../../routes'
import { useStore } from '../../store/store'
import { showNotice } from '../../ui/notice'
import { reportError } from '../problems/run-suggested-action'

export const localUrl = (localPort: number) => `http://127.0.0.1:${localPort}`

/** Whether another port of this machine was taken than the one asked for is told in a notice; what the forward is like comes with the events. */
export async function forwardPort(workspaceId: string, target: PortTarget, localPort?: number): Promise<boolean> {
  const { port, container } = target
  try {
    const wanted = { workspace: workspaceId, port, container, ...(localPort === undefined ? {} : { localPort }) }
    const { notice } = await client.ports.add(wanted)
    if (notice !== null) showNotice({ tone: 'plain', title: notice })
    return true
  } catch (error) {
    reportError(error, () => void forwardPort(workspaceId, target, localPort))
    return false
  }
}

export function endForward(workspaceId: string, { port, container }: PortTarget): void {
  client.ports
    .remove({ workspace: workspaceId, port, container })
    .catch((error: unknown) => reportError(error, () => endForward(workspaceId, { port, container })))
}

/** Forwards it if it is not, and opens it in a window of the browser. */
export async function openPort(workspaceId: string, target: PortTarget): Promise<void> {
  if (!(await forwardPort(workspaceId, target))) return
  const { forwards } = await client.ports.list({ workspace: workspaceId })
  const forward = forwards.find((candidate) => isSamePort(candidate, target))
  if (forward?.status === 'open') window.open(localUrl(forward.localPort), '_blank', 'noreferrer')
  else go(routes.workspace(useStore.getState().workspaces.byId[workspaceId]?.name ?? workspaceId, 'ports'))
}
