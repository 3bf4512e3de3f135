import type { PortForward, PortListener, WorkspacePorts } from '../../../shared/port-forward'
import { isSamePort, type PortTarget } from '../../../shared/port-target'

/** A port that listens, is forwarded, or both. */
export interface PortRow extends PortTarget {
  key: string
  listener: PortListener | null
  /** The one that is kept or automatic. */
  forward: PortForward | null
  /** Of those who run `berth proxy`. */
  lent: PortForward[]
}

/** By port, those of the workspace itself before those of its containers. */
export function portRows({ listeners, forwards }: WorkspacePorts): PortRow[] {
  const targets: PortTarget[] = []
  for (const { port, container } of [...(listeners ?? []), ...forwards]) {
    if (!targets.some((target) => isSamePort(target, { port, container }))) targets.push({ port, container })
  }
  return targets
    .sort((a, b) => a.port - b.port || (a.container ?? '').localeCompare(b.container ?? ''))
    .map((target) => {
      const mine = forwards.filter((forward) => isSamePort(forward, target))
      return {
        ...target,
        key: `${target.container ?? ''}:${target.port}`,
        listener: listeners?.find((listener) => isSamePort(listener, target)) ?? null,
        forward: mine.find(({ kind }) => kind !== 'temporary') ?? null,
        lent: mine.filter(({ kind }) => kind === 'temporary'),
      }
    })
}
