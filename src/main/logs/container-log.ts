import type { LogBatch, LogEntry } from '../../shared/contract/workspaces'
import type { Engine } from '../engine/engine'

export const MOST_LINES = 500
/** A batch is handed on once this has passed since its first line, or once it holds this much text. */
const BATCH_MILLISECONDS = 16
const MOST_CHARACTERS = 256 * 1024

export interface FollowLogOptions {
  engine: { containers: Pick<Engine['containers'], 'logs'> }
  containerId: string
  /** Goes on with what the container says from now on, until it stops. */
  follow: boolean
  /** Lines from the end to begin with. */
  tail: number
  signal: AbortSignal
}

/**
 * A container's log in batches. The next batch is read when the caller asks for it, so a slow reader slows the reading, and no
 * line is left out. Ends with the container's output, or quietly when the signal is aborted.
 */
export async function* followLog({
  engine,
  containerId,
  follow,
  tail,
  signal,
}: FollowLogOptions): AsyncGenerator<LogBatch, void, undefined> {
  // The caller may also just stop reading; then this one ends what is under way.
  const stopped = new AbortController()
  const either = AbortSignal.any([signal, stopped.signal])
  const lines = engine.containers.logs(containerId, { follow, tail, signal: either })[Symbol.asyncIterator]()
  /** A line that was asked for and has not come yet: asking goes on while a batch without it is handed over. */
  let next: Promise<IteratorResult<LogEntry>> | null = null
  const takeNext = () => {
    next ??= lines.next()
    return next
  }
  try {
    for (;;) {
      const first = await endOnAbort(takeNext(), either)
      next = null
      if (first.done) return
      const entries = [first.value]
      let characters = first.value.text.length
      let ended = false
      const deadline = startDeadline(BATCH_MILLISECONDS)
      while (entries.length < MOST_LINES && characters < MOST_CHARACTERS) {
        // A failure is met again at the next batch, when these lines have been handed on.
        const line = await Promise.race([endOnAbort(takeNext(), either), deadline.passed]).catch(() => null)
        if (line === null) break
        next = null
        if (line.done) {
          ended = true
          break
        }
        entries.push(line.value)
        characters += line.value.text.length
      }
      deadline.clear()
      yield { entries, missed: 0 }
      if (ended) return
    }
  } finally {
    stopped.abort()
    // It has been told to end; nobody has to wait until it has.
    void Promise.allSettled([next, lines.return?.()])
  }
}

function startDeadline(milliseconds: number): { passed: Promise<null>; clear(): void } {
  let timer: NodeJS.Timeout | undefined
  const passed = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), milliseconds)
  })
  return { passed, clear: () => clearTimeout(timer) }
}

/** An abort counts as the end, also while the engine is silent. */
function endOnAbort(line: Promise<IteratorResult<LogEntry>>, signal: AbortSignal): Promise<IteratorResult<LogEntry>> {
  const end: IteratorResult<LogEntry> = { done: true, value: undefined }
  if (signal.aborted) return Promise.resolve(end)
  return new Promise((resolve, reject) => {
    const stop = () => resolve(end)
    signal.addEventListener('abort', stop, { once: true })
    line.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
