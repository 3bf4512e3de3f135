import { MOST_PANES, MOST_SPLIT_LEVELS, sessionsOf, type TerminalLayoutNode, type TerminalTab } from '../../../../shared/terminal-layout'
import { beside, leaf, type Side, without } from './pane-tree'

export type Tabs = readonly TerminalTab[]

const MOST_PARTS = 16

/** Where a pane or a tab may be put. */
export type Place = { kind: 'tab'; index: number } | { kind: 'beside'; sessionId: string; side: Side }

export function tabOf(tabs: Tabs, sessionId: string): TerminalTab | undefined {
  return tabs.find(({ root }) => sessionsOf(root).includes(sessionId))
}

/** The tab of one session. */
export function tabFor(sessionId: string): TerminalTab {
  return { id: sessionId, name: null, root: leaf(sessionId), focused: sessionId }
}

/** The tabs with those sessions only that there are, and each of them: one that is in no tab gets its own, at the end. */
export function reconcile(tabs: Tabs, sessionIds: readonly string[]): Tabs {
  const present = new Set(sessionIds)
  const seen = new Set<string>()
  const kept = tabs.flatMap((tab) => {
    const gone = sessionsOf(tab.root).filter((id) => !present.has(id) || seen.has(id))
    for (const id of sessionsOf(tab.root)) seen.add(id)
    return gone.reduce<TerminalTab[]>((rest, id) => rest.flatMap((part) => withoutSession(part, id)), [tab])
  })
  const added = sessionIds.filter((id) => !seen.has(id)).map(tabFor)
  if (added.length === 0 && kept.length === tabs.length && kept.every((tab, index) => tab === tabs[index])) return tabs
  return withOwnIds([...kept, ...added])
}

/** The session leaves where it is, and goes to that place; unchanged when there is no such place or it is full. */
export function put(tabs: Tabs, sessionId: string, place: Place): Tabs {
  if (place.kind === 'beside' && place.sessionId === sessionId) return tabs
  const from = tabs.findIndex(({ root }) => sessionsOf(root).includes(sessionId))
  const rest = tabs.flatMap((tab) => withoutSession(tab, sessionId))
  if (place.kind === 'tab') {
    const isAlone = rest.length < tabs.length
    const moved = tabs[from]
    const own = isAlone && moved !== undefined ? moved : tabFor(sessionId)
    const index = isAlone && from < place.index ? place.index - 1 : place.index
    return withOwnIds(rest.toSpliced(Math.max(0, index), 0, own))
  }
  return joined(rest, leaf(sessionId), sessionId, place) ?? tabs
}

/** All panes of a tab go beside a pane of another; unchanged when there is no such place or it is full. */
export function putTab(tabs: Tabs, tabId: string, place: Extract<Place, { kind: 'beside' }>): Tabs {
  const tab = tabs.find(({ id }) => id === tabId)
  const focused = tab && focusedIn(tab)
  if (tab === undefined || focused === undefined) return tabs
  const rest = tabs.filter((other) => other !== tab)
  return joined(rest, tab.root, focused, place) ?? tabs
}

function joined(tabs: Tabs, added: TerminalLayoutNode, focused: string, place: Extract<Place, { kind: 'beside' }>): Tabs | null {
  const target = tabOf(tabs, place.sessionId)
  if (target === undefined) return null
  const root = beside(target.root, place.sessionId, added, place.side)
  return fits(root) ? tabs.map((tab) => (tab === target ? { ...tab, root, focused } : tab)) : null
}

export function moveTab(tabs: Tabs, tabId: string, index: number): Tabs {
  const from = tabs.findIndex(({ id }) => id === tabId)
  const tab = tabs[from]
  if (tab === undefined) return tabs
  const to = Math.min(Math.max(from < index ? index - 1 : index, 0), tabs.length - 1)
  return to === from ? tabs : tabs.toSpliced(from, 1).toSpliced(to, 0, tab)
}

export function changeTab(tabs: Tabs, tabId: string, changes: Partial<Omit<TerminalTab, 'id'>>): Tabs {
  return tabs.map((tab) => (tab.id === tabId ? { ...tab, ...changes } : tab))
}

/** Whether one more pane may be put there. */
export function hasRoomBeside(tabs: Tabs, sessionId: string, side: Side): boolean {
  const tab = tabOf(tabs, sessionId)
  const count = tabs.reduce((sum, { root }) => sum + sessionsOf(root).length, 0)
  return tab !== undefined && count < MOST_PANES && fits(beside(tab.root, sessionId, leaf(''), side))
}

/** The pane of a tab that has the keyboard when it is shown. */
export function focusedIn(tab: TerminalTab): string | undefined {
  const sessions = sessionsOf(tab.root)
  return sessions.find((id) => id === tab.focused) ?? sessions[0]
}

function withoutSession(tab: TerminalTab, sessionId: string): TerminalTab[] {
  const root = without(tab.root, sessionId)
  if (root === null) return []
  if (sessionsOf(root).length === sessionsOf(tab.root).length) return [tab]
  return [{ ...tab, root, name: root.type === 'session' ? null : tab.name, focused: tab.focused === sessionId ? null : tab.focused }]
}

/** A tab goes by the session it was made of, which may have moved on and come back in a tab of its own. */
function withOwnIds(tabs: TerminalTab[]): TerminalTab[] {
  const taken = new Set<string>()
  return tabs.map((tab) => {
    let { id } = tab
    for (let number = 2; taken.has(id); number++) id = `${tab.id.slice(0, 50)}.${number}`
    taken.add(id)
    return id === tab.id ? tab : { ...tab, id }
  })
}

function fits(root: TerminalLayoutNode): boolean {
  return levels(root) <= MOST_SPLIT_LEVELS && widest(root) <= MOST_PARTS
}

function levels(node: TerminalLayoutNode): number {
  return node.type === 'session' ? 0 : 1 + Math.max(...node.children.map(levels))
}

function widest(node: TerminalLayoutNode): number {
  return node.type === 'session' ? 1 : Math.max(node.children.length, ...node.children.map(widest))
}
