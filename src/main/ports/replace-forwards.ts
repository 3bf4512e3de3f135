import { isSamePort } from '../../shared/port-target'
import type { PortForwards } from './port-forwards'

interface ContainerPort {
  port: number
  container: string
}

/**
 * Removes automatic forwards that are no longer wanted, and creates the wanted ones. A port that has moved to another container keeps its
 * port on this machine. The user's own forwards stay. Returns Berth's forwards.
 */
export async function replaceForwards(
  forwards: Pick<PortForwards, 'list' | 'add' | 'remove'>,
  workspaceId: string,
  before: readonly ContainerPort[],
  wanted: readonly ContainerPort[],
): Promise<ContainerPort[]> {
  const there = (target: ContainerPort) => forwards.list(workspaceId).forwards.find((forward) => isSamePort(forward, target))
  const isOurs = (target: ContainerPort) => before.some((former) => isSamePort(former, target))
  const localPorts = new Map<number, number>()
  for (const former of before) {
    const forward = there(former)
    if (forward) localPorts.set(former.port, forward.wantedLocalPort)
    if (forward && !wanted.some((target) => isSamePort(target, former))) await forwards.remove(workspaceId, former)
  }
  const made: ContainerPort[] = []
  for (const target of wanted) {
    if (there(target)) {
      if (isOurs(target)) made.push(target)
      continue
    }
    await forwards.add(workspaceId, { ...target, localPort: localPorts.get(target.port) })
    made.push(target)
  }
  return made
}
