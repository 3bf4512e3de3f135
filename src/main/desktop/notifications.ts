import { BrowserWindow, Notification } from 'electron'
import type { BerthEvent } from '../../shared/contract/events'
import type { Settings } from '../../shared/contract/settings'
import { operationTitle } from '../../shared/describe-operation'
import type { MenuCommand } from '../../shared/door-port'
import type { Operation } from '../../shared/operation'
import { hasEnded } from '../../shared/operation-state'
import type { Workspace } from '../../shared/workspace'

/** Work that took as long was waited for elsewhere. */
const LONG_MS = 10_000
/** What comes within this time is one notification. */
const GROUP_MS = 1500
/** Shown of a group; the rest is counted. */
const MOST_LINES = 3
/** Electron drops one that nobody holds, and with it its click. */
const MOST_HELD = 20
const MOST_TOLD = 500

export interface News {
  /** One with the same key takes the place of the one before it. */
  key: string
  text: string
  command: MenuCommand | null
}

/** What is worth a notification, of the events as they come; null for anything else. */
export function createNewsFinder() {
  /** Ports that are known, by workspace: only what comes later is news. */
  const listeners = new Map<string, Set<number>>()
  const told = new Set<string>()

  function ofOperation(operation: Operation): News | null {
    const { id, workspaceId, status, startedAt, endedAt } = operation
    if (!hasEnded(operation) || status === 'cancelled' || told.has(id)) return null
    const tookMs = Date.parse(endedAt ?? '') - Date.parse(startedAt)
    if (status === 'succeeded' && tookMs < LONG_MS) return null
    told.add(id)
    // Of the oldest nothing more is heard.
    const [oldest] = told
    if (told.size > MOST_TOLD && oldest !== undefined) told.delete(oldest)
    return {
      key: id,
      text: operationTitle(operation),
      command: workspaceId === null || operation.kind === 'workspace.delete' ? null : { command: 'open-workspace', workspaceId },
    }
  }

  return (event: BerthEvent, nameOf: (workspaceId: string) => string | null): News | null => {
    switch (event.type) {
      case 'operation':
        return ofOperation(event.operation)
      case 'ports': {
        const { workspaceId, listeners: found } = event.ports
        if (found === null) return null
        const before = listeners.get(workspaceId)
        const now = new Map(found.map((listener) => [listener.port, listener]))
        listeners.set(workspaceId, new Set(now.keys()))
        const added = before && [...now.values()].find(({ port }) => !before.has(port))
        const name = nameOf(workspaceId)
        if (!added || name === null) return null
        return {
          key: `${workspaceId} ${added.port}`,
          text: `${added.process ?? 'A program'} listens on port ${added.port} of ${name}`,
          command: { command: 'open-ports', workspaceId },
        }
      }
      case 'workspace-removed':
        listeners.delete(event.workspaceId)
        return null
      default:
        return null
    }
  }
}

interface NotificationsCore {
  settings: { get(): Pick<Settings, 'notifications'> }
  workspaces: { list(): Workspace[] }
  events: { subscribe(listener: (event: BerthEvent) => void): unknown }
}

/** Tells the system of what has come to its end or needs somebody, while the window is not in front. A click opens it there. */
export function setupNotifications(
  core: NotificationsCore,
  { send, show }: { send: (command: MenuCommand) => void; show: () => void },
): void {
  const find = createNewsFinder()
  const held: Notification[] = []
  let group = new Map<string, News>()
  let timer: NodeJS.Timeout | undefined

  function tell(): void {
    timer = undefined
    const news = [...group.values()]
    group = new Map()
    const [first] = news
    if (first === undefined || BrowserWindow.getFocusedWindow() !== null) return
    const lines = news.slice(0, MOST_LINES).map(({ text }) => text)
    if (news.length > lines.length) lines.push(`and ${news.length - lines.length} more`)
    const notification = new Notification({
      title: news.length === 1 ? first.text : `Berth: ${news.length} things happened`,
      body: news.length === 1 ? '' : lines.join('\n'),
    })
    notification.on('click', () => {
      if (news.length === 1 && first.command !== null) send(first.command)
      else if (news.length === 1) show()
      else send({ command: 'activity' })
    })
    held.push(notification)
    if (held.length > MOST_HELD) held.shift()
    notification.show()
  }

  if (!Notification.isSupported()) return
  core.events.subscribe((event) => {
    const news = find(event, (id) => core.workspaces.list().find((workspace) => workspace.id === id)?.name ?? null)
    if (news === null || !core.settings.get().notifications || BrowserWindow.getFocusedWindow() !== null) return
    group.set(news.key, news)
    if (timer === undefined) timer = setTimeout(tell, GROUP_MS)
  })
}
