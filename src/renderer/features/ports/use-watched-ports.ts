import { useEffect, useState } from 'react'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { ConnectionLostError } from '../../connection/connection'
import { useConnectionState } from '../../store/store'
import { problemOf } from '../../workspace-model/problems/present-problem'
import { reportError } from '../../workspace-model/problems/run-suggested-action'

/**
 * Has Berth see what listens in the workspace for as long as it is shown: of many that run it sees some only. The ports themselves come with all other events. False until it has
 * looked.
 */
export function useWatchedPorts({ id, unavailable }: Workspace): boolean {
  const [lookedAt, setLookedAt] = useState<string | null>(null)
  const isConnected = useConnectionState().status === 'open'
  const isOn = isConnected && unavailable.ports === undefined
  useEffect(() => {
    if (!isOn) return
    const aborter = new AbortController()
    const { signal } = aborter
    const read = async () => {
      try {
        for await (const _ of await client.ports.watch({ workspace: id }, { signal })) setLookedAt(id)
      } catch (error) {
        if (!signal.aborted && !isToldElsewhere(error)) reportError(error)
      }
    }
    void read()
    return () => aborter.abort()
  }, [id, isOn])
  return lookedAt === id
}

/** The page says by itself that Berth is away, or that the workspace is gone. */
function isToldElsewhere(error: unknown): boolean {
  return error instanceof ConnectionLostError || problemOf(error)?.code === 'WORKSPACE_NOT_FOUND'
}
