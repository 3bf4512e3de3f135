import { useEffect, useState, useSyncExternalStore } from 'react'
import type { LogSourceName } from '../../../shared/contract/logs'
import { problemSchema } from '../../../shared/error-definitions'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { ConnectionLostError } from '../../connection/connection'
import { useConnectionState } from '../../store/store'
import { type Presentation, presentError, presentProblem } from '../../workspace-model/problems/present-problem'
import { type LogClient, startLogClient } from './log-client'
import type { LogView } from './worker/protocol'

export interface FollowedLog {
  /** null until the worker is there. */
  log: LogClient | null
  /** Why it cannot be read. */
  failure: Presentation | null
  /** Reads it anew. */
  readAgain(): void
}

/** What is told of a view anew only when it has changed: views come with every frame. */
export function useLogView<Selected extends string | number | boolean | null>(
  log: LogClient | null,
  select: (view: LogView) => Selected,
): Selected | null {
  return useSyncExternalStore(log?.subscribe ?? never, () => (log === null ? null : select(log.view())))
}

/** A log of a workspace for as long as the screen shows it: across restarts of the container and lost connections. */
export function useLog({ id, containerId, host, status, running, startedAt }: Workspace, source: LogSourceName): FollowedLog {
  const connected = useConnectionState().status === 'open'
  const [log, setLog] = useState<LogClient | null>(null)
  const [failure, setFailure] = useState<Presentation | null>(null)
  const life = `${status} ${startedAt}`
  const [run, setRun] = useState({ number: 0, life })
  const phase = useLogView(log, (view) => view.phase.kind)
  const problem = useLogView(log, (view) => (view.phase.kind === 'failed' ? view.phase.json : null))

  useEffect(() => {
    const started = startLogClient((message) => setFailure(presentError(new Error(message))))
    setLog(started)
    return () => started.end()
  }, [])

  // A log that has ended goes on when the container starts again; the life at the start of a run is kept so that a log that
  // ends at once is not asked for again and again.
  const isOver = phase === 'ended' || phase === 'lost' || phase === 'failed'
  const goesOn = isOver && (status === 'starting' || running) && life !== run.life
  useEffect(() => {
    if (goesOn) setRun(({ number }) => ({ number: number + 1, life }))
  }, [goesOn, life])

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new run reads again
  useEffect(() => {
    if (log === null || !connected || (containerId === null && host === null && source !== 'build')) return
    let isLeft = false
    setFailure(null)
    client.logs.open({ workspace: id, source, follow: true, newestFirst: true }).then(
      ({ streamId }) => {
        if (!isLeft) log.read(streamId)
      },
      (error: unknown) => {
        // A lost connection comes back, and this effect with it.
        if (!isLeft && !(error instanceof ConnectionLostError)) setFailure(presentError(error))
      },
    )
    return () => {
      isLeft = true
      log.request({ kind: 'close' })
    }
  }, [log, id, containerId, host, source, connected, run.number])

  return {
    log,
    failure: failure ?? (problem === null ? null : presentFailure(problem)),
    readAgain: () => setRun(({ number }) => ({ number: number + 1, life })),
  }
}

function presentFailure(json: string): Presentation {
  const problem = problemSchema.safeParse(JSON.parse(json))
  return problem.success ? presentProblem(problem.data) : presentError(problem.error)
}

const never = () => () => {}
