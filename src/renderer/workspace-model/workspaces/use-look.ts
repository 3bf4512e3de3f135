import { useCallback, useEffect, useState } from 'react'
import { ConnectionLostError } from '../../connection/connection'
import { problemOf } from '../problems/present-problem'
import { reportError } from '../problems/run-suggested-action'

/**
 * What nobody tells of when it changes: it is looked at when it is shown, when somebody comes back to the page, and on request. null until it is known.
 * `ask` has to be the same function each time.
 */
export function useLook<Value>(workspaceId: string, ask: (workspaceId: string) => Promise<Value>): { found: Value | null; look(): void } {
  const [found, setFound] = useState<Value | null>(null)
  const look = useCallback(() => {
    ask(workspaceId).then(setFound, (error: unknown) => {
      // The page says by itself that the workspace, its engine or Berth is away.
      const isToldElsewhere = error instanceof ConnectionLostError || AWAY.has(problemOf(error)?.code ?? '')
      if (!isToldElsewhere) reportError(error, look)
    })
  }, [workspaceId, ask])
  useEffect(() => {
    look()
    window.addEventListener('focus', look)
    return () => window.removeEventListener('focus', look)
  }, [look])
  return { found, look }
}

const AWAY: ReadonlySet<string> = new Set(['WORKSPACE_NOT_RUNNING', 'ENGINE_UNREACHABLE'])
