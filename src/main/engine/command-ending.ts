import { log } from '../log'
import type { TrackedExec } from './tracked-exec'

/** Ends the command when its time is over or the caller has gone, and then its output. `failed` rejects when it cannot be ended. */
export function createEnding(
  command: Pick<TrackedExec, 'end' | 'destroy'>,
  { timeoutMs, signal }: { timeoutMs?: number | undefined; signal?: AbortSignal | undefined },
) {
  let why: 'timeout' | 'abort' | null = null
  let work: Promise<void> = Promise.resolve()
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => undefined)
  const end = (reason: 'timeout' | 'abort') => {
    if (why !== null) return
    why = reason
    work = command.end().finally(() => command.destroy())
    work.catch((error: unknown) => {
      log.warn({ err: error }, 'a command could not be stopped')
      failure.reject(error)
    })
  }
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => end('timeout'), timeoutMs)
  const onAbort = () => end('abort')
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) onAbort()
  return {
    failed: failure.promise,
    /** Why it was ended, once that is done; null when nobody ended it. */
    async settled() {
      await work
      return why
    },
    forget() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    },
  }
}

/** Whether a stream ended too early, as that of a command does that was ended. */
export function isCutOff(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}
