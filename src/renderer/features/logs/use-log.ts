import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { ConnectionLostError } from '../../connection/connection'
import { useConnectionState } from '../../store/store'
import { type Presentation, presentError } from '../problems/present-problem'
import { createLogBuffer, type LogBuffer, type LogView } from './log-buffer'

/** Lines from before, asked for at first: enough to look around in, and here within a moment. */
const TAIL_LINES = 10_000

export type LogPhase =
  /** No lines have come yet, and more may. */
  | { kind: 'reading' }
  | { kind: 'following' }
  /** The container's log is at its end: it has stopped. */
  | { kind: 'ended' }
  | { kind: 'failed'; presentation: Presentation }

export interface FollowedLog {
  buffer: LogBuffer
  view: LogView
  phase: LogPhase
  /** Reads it anew, from its last lines on. */
  readAgain(): void
}

/** The log of a workspace for as long as the screen shows it: across restarts of the container and lost connections. */
export function useLog({ id, containerId, status, startedAt }: Workspace): FollowedLog {
  const connected = useConnectionState().status === 'open'
  const [buffer, setBuffer] = useState(() => createLogBuffer())
  const [phase, setPhase] = useState<LogPhase>({ kind: 'reading' })
  const life = `${status} ${startedAt}`
  const [run, setRun] = useState({ number: 0, life })
  const view = useSyncExternalStore(buffer.subscribe, buffer.view)

  // A log that has ended goes on when the container starts again; the life at the start of a run is kept so that a log that
  // ends at once is not asked for again and again.
  const goesOn = phase.kind === 'ended' && (status === 'starting' || status === 'running') && life !== run.life
  useEffect(() => {
    if (goesOn) setRun(({ number }) => ({ number: number + 1, life }))
  }, [goesOn, life])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new run reads again
  useEffect(() => {
    if (containerId === null || !connected) return
    const aborter = new AbortController()
    const { signal } = aborter
    const read = async () => {
      const next = createLogBuffer()
      try {
        const batches = await client.workspaces.logs({ workspace: id, follow: true, tail: TAIL_LINES }, { signal })
        if (signal.aborted) return
        setPhase({ kind: 'following' })
        for await (const batch of batches) {
          if (signal.aborted) return
          next.append(batch)
          // Only now: the lines of the run before stay in sight until there are new ones.
          setBuffer(next)
        }
        if (signal.aborted) return
        setBuffer(next)
        setPhase({ kind: 'ended' })
      } catch (error) {
        // A lost connection comes back, and this effect with it.
        if (signal.aborted || error instanceof ConnectionLostError) return
        setPhase({ kind: 'failed', presentation: presentError(error) })
      }
    }
    setPhase({ kind: 'reading' })
    void read()
    return () => aborter.abort()
  }, [id, containerId, connected, run.number])

  return { buffer, view, phase, readAgain: () => setRun(({ number }) => ({ number: number + 1, life })) }
}
