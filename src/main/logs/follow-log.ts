import type { LogBatch, LogEntry } from '../../shared/contract/workspaces'
import { decodeLines } from './decode-lines'

export const MOST_LINES = 500
/** A batch is handed on once this has passed since its first line, or once it holds this much text. */
const BATCH_MILLISECONDS = 16
const MOST_CHARACTERS = 256 * 1024

/**
 * A log in batches of lines. The next batch is read when the caller asks for it, so a slow reader slows the reading, and no line is left
 * out. Ends with the log, or quietly when the signal is aborted.
 */
export async function* followLog(
  read: (signal: AbortSignal) => AsyncIterable<Buffer>,
  signal: AbortSignal,
): AsyncGenerator<LogBatch, void, undefined> {
  // The caller may also just stop reading; then this one ends what is under way.
  const stopped = new AbortController()
  const either = AbortSignal.any([signal, stopped.signal])
  const pieces = decodeLines(read(either))
  /** A piece that was asked for and has not come yet: asking goes on while a batch without it is handed over. */
  let next: Promise<IteratorResult<LogEntry[]>> | null = null
  const queue: LogEntry[] = []
  let ended = false
  const takeNext = () => {
    next ??= pieces.next()
    return next
  }
  try {
    for (;;) {
      if (queue.length === 0) {
        const first = ended ? null : await endOnAbort(takeNext(), either)
        next = null
        if (!first || first.done) return
        queue.push(...first.value)
      }
      const deadline = startDeadline(BATCH_MILLISECONDS)
      while (!ended && !isFull(queue)) {
        // A failure is met again at the next batch, when these lines have been handed on.
        const piece = await Promise.race([endOnAbort(takeNext(), either), deadline.passed]).catch(() => null)
        if (piece === null) break
        next = null
        if (piece.done) ended = true
        else queue.push(...piece.value)
      }
      deadline.clear()
      yield { entries: queue.splice(0, batchLength(queue)), missed: 0 }
    }
  } finally {
    stopped.abort()
    // It has been told to end; nobody has to wait until it has.
    void Promise.allSettled([next, pieces.return(undefined)])
  }
}

function isFull(lines: readonly LogEntry[]): boolean {
  return lines.length >= MOST_LINES || batchLength(lines) < lines.length
}

function batchLength(lines: readonly LogEntry[]): number {
  let characters = 0
  let count = 0
  while (count < Math.min(lines.length, MOST_LINES) && characters < MOST_CHARACTERS) characters += lines[count++]?.text.length ?? 0
  return count
}

function startDeadline(milliseconds: number): { passed: Promise<null>; clear(): void } {
  let timer: NodeJS.Timeout | undefined
  const passed = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), milliseconds)
  })
  return { passed, clear: () => clearTimeout(timer) }
}

/** An abort counts as the end, also while the engine is silent. */
function endOnAbort(piece: Promise<IteratorResult<LogEntry[]>>, signal: AbortSignal): Promise<IteratorResult<LogEntry[]>> {
  const end: IteratorResult<LogEntry[]> = { done: true, value: undefined }
  if (signal.aborted) return Promise.resolve(end)
  return new Promise((resolve, reject) => {
    const stop = () => resolve(end)
    signal.addEventListener('abort', stop, { once: true })
    piece.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
