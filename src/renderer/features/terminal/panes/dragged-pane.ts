import { sessionsOf } from '../../../../shared/terminal-layout'
import type { Tabs } from './pane-tabs'
import type { Side } from './pane-tree'

/** What is being dragged: a whole tab, or one pane of a split. */
export type Dragged = { kind: 'tab'; tabId: string } | { kind: 'pane'; sessionId: string }

/** The side of the element that the pointer is nearest to. */
export function nearestSide({ clientX, clientY }: { clientX: number; clientY: number }, element: Element): Side {
  const { left, top, width, height } = element.getBoundingClientRect()
  const x = (clientX - left) / width
  const y = (clientY - top) / height
  const distances: [Side, number][] = [
    ['left', x],
    ['right', 1 - x],
    ['up', y],
    ['down', 1 - y],
  ]
  return distances.reduce((best, other) => (other[1] < best[1] ? other : best))[0]
}

/** A browser ends a drag at once when the page changes under the pointer while it begins. */
export function dragSoon(change: () => void): void {
  setTimeout(change)
}

/** A thing cannot be put beside itself. */
export function isPartOf(dragged: Dragged, sessionId: string, tabs: Tabs): boolean {
  if (dragged.kind === 'pane') return dragged.sessionId === sessionId
  const tab = tabs.find(({ id }) => id === dragged.tabId)
  return tab !== undefined && sessionsOf(tab.root).includes(sessionId)
}
