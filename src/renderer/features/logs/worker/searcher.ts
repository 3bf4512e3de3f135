import type { ChunkMatches, LogQuery, SearchedText } from './search-chunk'
import type { SearchAnswer, SearchRequest } from './search-worker'

/** A chunk takes milliseconds; a pattern that takes so long for one does not come to an end. */
const TOO_SLOW_MILLISECONDS = 3000

/** Looks through texts in a worker of its own. */
export interface Searcher {
  setQuery(query: LogQuery): void
  /** Null when the pattern takes too long: the searcher is at its end then. Also null after `end`. */
  search(text: SearchedText & { text: Uint8Array<ArrayBuffer> }): Promise<ChunkMatches | null>
  end(): void
}

export function startSearcher(tooSlowMilliseconds = TOO_SLOW_MILLISECONDS): Searcher {
  const worker = new Worker(new URL('./search-worker.ts', import.meta.url), { type: 'module' })
  const { port1: port, port2 } = new MessageChannel()
  const waiting: ((matches: ChunkMatches | null) => void)[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended = false
  const post = (request: SearchRequest, transfer: Transferable[] = []) => port.postMessage(request, transfer)
  const watch = () => {
    clearTimeout(timer)
    if (waiting.length > 0) timer = setTimeout(end, tooSlowMilliseconds)
  }
  function end(): void {
    ended = true
    clearTimeout(timer)
    port.close()
    worker.terminate()
    for (const resolve of waiting.splice(0)) resolve(null)
  }
  worker.postMessage(null, [port2])
  port.onmessage = ({ data }: MessageEvent<SearchAnswer>) => {
    waiting.shift()?.(data)
    watch()
  }
  return {
    setQuery: (query) => {
      if (!ended) post({ kind: 'query', query })
    },
    search: (text) =>
      new Promise((resolve) => {
        if (ended) return resolve(null)
        waiting.push(resolve)
        if (waiting.length === 1) watch()
        post({ kind: 'text', ...text }, [text.text.buffer])
      }),
    end,
  }
}
