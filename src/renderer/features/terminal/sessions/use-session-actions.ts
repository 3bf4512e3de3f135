import { useState } from 'react'
import type { SessionKind, TerminalSession } from '../../../../shared/contract/terminals'
import { client } from '../../../client'
import { type Presentation, presentError } from '../../../workspace-model/problems/present-problem'
import { reportError } from '../../../workspace-model/problems/run-suggested-action'
import type { TerminalSize } from '../view/terminal-view'

/** What is to run in a new session. */
export type SessionRequest =
  /** `outside` of the dev container, where one is up. */
  | { kind: Exclude<SessionKind, 'nested' | 'command'>; outside?: boolean }
  | { kind: 'nested'; container: string }
  | { kind: 'command'; line: string }

const firstSessions = new Map<string, Promise<TerminalSession>>()

export interface SessionActions {
  /** How many are being opened. */
  openingCount: number
  /** Why the last one could not be opened, and what was asked for. */
  problem: { presentation: Presentation; request: SessionRequest } | null
  /** null when it could not be opened: `problem` says why. */
  open(request: SessionRequest, size: TerminalSize | null): Promise<TerminalSession | null>
  /** The session that opens by itself; asked for twice while it opens (a screen that came and went), it is still one. */
  openFirst(size: TerminalSize | null): Promise<TerminalSession | null>
}

/** Opens sessions of a workspace. */
export function useSessionActions(workspaceId: string): SessionActions {
  const [openingCount, setOpeningCount] = useState(0)
  const [problem, setProblem] = useState<SessionActions['problem']>(null)

  async function wait(opening: Promise<TerminalSession>, request: SessionRequest): Promise<TerminalSession | null> {
    setOpeningCount((count) => count + 1)
    setProblem(null)
    try {
      return await opening
    } catch (error) {
      setProblem({ presentation: presentError(error), request })
      return null
    } finally {
      setOpeningCount((count) => count - 1)
    }
  }

  return {
    openingCount,
    problem,
    open: (request, size) => wait(client.terminals.open({ workspace: workspaceId, ...asInput(request), ...size }), request),
    openFirst(size) {
      const opening =
        firstSessions.get(workspaceId) ??
        client.terminals.open({ workspace: workspaceId, kind: 'shell', ...size }).finally(() => firstSessions.delete(workspaceId))
      firstSessions.set(workspaceId, opening)
      return wait(opening, { kind: 'shell' })
    },
  }
}

/** A split is of the kind of what is split, as far as that can be opened twice. */
export function requestLike({ kind, container }: TerminalSession): SessionRequest {
  switch (kind) {
    case 'root':
    case 'shell':
      return { kind, outside: container === null }
    case 'ssh':
      return { kind }
    case 'nested':
      return container === null ? { kind: 'shell' } : { kind, container: container.id }
    case 'command':
      return { kind: 'shell' }
    default:
      return kind satisfies never
  }
}

function asInput(request: SessionRequest) {
  switch (request.kind) {
    case 'shell':
    case 'root':
    case 'ssh':
      return { kind: request.kind, ...(request.outside ? { outside: true } : {}) }
    case 'nested':
      return { kind: request.kind, container: request.container }
    case 'command':
      // A line as it is typed at a prompt: the person's own shell takes it apart.
      return { kind: request.kind, command: ['bash', '-lc', request.line], name: request.line.slice(0, LONGEST_NAME).trim() }
    default:
      return request satisfies never
  }
}

export const LONGEST_NAME = 64

/** Its tab goes when the core says that the session is gone. */
export function closeSession(sessionId: string): void {
  client.terminals.close({ sessionId }).catch((error: unknown) => reportError(error, () => closeSession(sessionId)))
}

export function restartSession(sessionId: string): void {
  client.terminals.restart({ sessionId }).catch((error: unknown) => reportError(error, () => restartSession(sessionId)))
}

/** An empty name takes it away. */
export function renameSession(sessionId: string, name: string): void {
  const input = { sessionId, name: name === '' ? null : name }
  client.terminals.update(input).catch((error: unknown) => reportError(error, () => renameSession(sessionId, name)))
}
