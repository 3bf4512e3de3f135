import type { TerminalSession } from '../../../shared/contract/terminals'
import { client } from '../../client'
import type { TerminalSize } from './terminal-view'

const firstSessions = new Map<string, Promise<TerminalSession>>()

export function openSession(workspaceId: string, size: TerminalSize | null): Promise<TerminalSession> {
  return client.terminals.open({ workspace: workspaceId, ...size })
}

/** The session that opens by itself; asked for twice while it opens (a screen that came and went), it is still one. */
export function openFirstSession(workspaceId: string, size: TerminalSize | null): Promise<TerminalSession> {
  const underWay = firstSessions.get(workspaceId)
  if (underWay !== undefined) return underWay
  const opening = openSession(workspaceId, size).finally(() => firstSessions.delete(workspaceId))
  firstSessions.set(workspaceId, opening)
  return opening
}
