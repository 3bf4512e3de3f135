import { BerthError } from '../../shared/errors'
import type { Progress } from '../../shared/operation'

/** What the work is given: to whom it reports, and when to stop. */
export interface WorkControl {
  signal: AbortSignal
  onProgress(progress: Progress | null, detail: string): void
  /** Each line that a build prints. */
  onLine(line: string): void
}

/** What a caller gives: as above, but not everybody wants the lines. */
export type WorkOptions = Omit<WorkControl, 'onLine'> & { onLine?: WorkControl['onLine'] | undefined }

type WorkListener = Omit<WorkOptions, 'signal'>

interface Work<Result> {
  controller: AbortController
  listeners: Set<WorkListener>
  latest: { progress: Progress | null; detail: string } | null
  result: Promise<Result>
}

export interface SharedWork<Result> {
  /**
   * Starts the work, or joins work with the same key. Cancelling removes the caller; the work itself is cancelled when nobody waits for it
   * any longer, and CANCELLED is thrown once it has stopped.
   */
  run(key: string, options: WorkOptions, start: (options: WorkControl) => Promise<Result>): Promise<Result>
}

/** Twenty new workspaces at once need one image once. `what` names the work in the error: “getting the image”. */
export function createSharedWork<Result>(what: string): SharedWork<Result> {
  const underWay = new Map<string, Work<Result>>()

  function begin(key: string, start: (options: WorkControl) => Promise<Result>): Work<Result> {
    const controller = new AbortController()
    const listeners = new Set<WorkListener>()
    const work: Work<Result> = {
      controller,
      listeners,
      latest: null,
      result: start({
        signal: controller.signal,
        onProgress(progress, detail) {
          work.latest = { progress, detail }
          for (const listener of listeners) listener.onProgress(progress, detail)
        },
        onLine(line) {
          for (const listener of listeners) listener.onLine?.(line)
        },
      }).finally(() => underWay.delete(key)),
    }
    underWay.set(key, work)
    return work
  }

  async function leave(work: Work<Result>, listener: WorkListener): Promise<never> {
    work.listeners.delete(listener)
    if (work.listeners.size === 0) {
      work.controller.abort()
      await Promise.allSettled([work.result])
    }
    throw cancelled(what)
  }

  return {
    async run(key, options, start) {
      if (options.signal.aborted) throw cancelled(what)
      let work = underWay.get(key)
      // What has just been cancelled is on its way out, and no use to a newcomer.
      while (work?.controller.signal.aborted) {
        await Promise.allSettled([work.result])
        work = underWay.get(key)
      }
      work ??= begin(key, start)
      const { latest, listeners, result } = work
      const joined = work
      const listener: WorkListener = { onProgress: options.onProgress, onLine: options.onLine }
      listeners.add(listener)
      if (latest) options.onProgress(latest.progress, latest.detail)
      return new Promise<Result>((resolve, reject) => {
        const stop = () => {
          leave(joined, listener).catch(reject)
        }
        options.signal.addEventListener('abort', stop, { once: true })
        result
          .then(resolve, (error: unknown) => {
            // After a cancellation, `stop` answers.
            if (!options.signal.aborted) reject(error)
          })
          .finally(() => {
            options.signal.removeEventListener('abort', stop)
            listeners.delete(listener)
          })
      })
    },
  }
}

function cancelled(what: string): BerthError<'CANCELLED'> {
  return new BerthError('CANCELLED', `Cancelled: ${what}.`, { what, next: 'Start it again if you still need it.' })
}
