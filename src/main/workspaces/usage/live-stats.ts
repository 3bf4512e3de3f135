import type { StatsSample } from '../../../shared/contract/stats'
import type { Engine } from '../../engine/engine'
import type { ContainerCounters } from '../../engine/stats'

/** At about one a second, five minutes. */
const HISTORY = 300
/** How long what was seen is kept after the last one who looked, for the one who looks again. */
const KEPT_MS = 60_000

/** Figures of running workspaces, from one stream of the engine a workspace, and only while somebody looks. */
export interface LiveStats {
  /**
   * First the figures of the last minutes, as far as they were watched, then each new one. Ends when the container stops or the signal is
   * aborted. A slow reader gets several at once. Throws ENGINE_UNREACHABLE, ENGINE_REFUSED.
   */
  watch(containerId: string, signal: AbortSignal): AsyncGenerator<StatsSample[]>
  /** Streams that are open on the engine. */
  openStreams(): number
}

interface Reader {
  waiting: StatsSample[]
  wake: () => void
}

interface Feed {
  readers: Set<Reader>
  history: StatsSample[]
  abort: AbortController
  ended: boolean
  failure: unknown
}

export function createLiveStats(engine: { containers: Pick<Engine['containers'], 'watchCounters'> }): LiveStats {
  const feeds = new Map<string, Feed>()
  const past = new Map<string, { history: StatsSample[]; timer: NodeJS.Timeout }>()

  function feedOf(containerId: string): Feed {
    const known = feeds.get(containerId)
    if (known) return known
    const before = past.get(containerId)
    if (before) clearTimeout(before.timer)
    past.delete(containerId)
    const feed: Feed = {
      readers: new Set(),
      history: before?.history ?? [],
      abort: new AbortController(),
      ended: false,
      failure: null,
    }
    feeds.set(containerId, feed)
    void run(feed, containerId)
    return feed
  }

  async function run(feed: Feed, containerId: string): Promise<void> {
    try {
      let before: ContainerCounters | null = null
      for await (const counters of engine.containers.watchCounters(containerId, feed.abort.signal)) {
        if (before) deliver(feed, toSample(before, counters))
        before = counters
      }
    } catch (error) {
      feed.failure = error
    }
    feed.ended = true
    if (feeds.get(containerId) === feed) feeds.delete(containerId)
    for (const { wake } of feed.readers) wake()
  }

  function deliver(feed: Feed, sample: StatsSample): void {
    push(feed.history, sample)
    for (const reader of feed.readers) {
      push(reader.waiting, sample)
      reader.wake()
    }
  }

  function leave(feed: Feed, containerId: string, reader: Reader): void {
    feed.readers.delete(reader)
    if (feed.readers.size > 0) return
    feed.abort.abort()
    if (feeds.get(containerId) !== feed) return
    feeds.delete(containerId)
    const timer = setTimeout(() => past.delete(containerId), KEPT_MS).unref()
    past.set(containerId, { history: feed.history, timer })
  }

  return {
    openStreams: () => feeds.size,
    async *watch(containerId, signal) {
      const feed = feedOf(containerId)
      const reader: Reader = { waiting: [...feed.history], wake: () => undefined }
      feed.readers.add(reader)
      const onAbort = () => reader.wake()
      signal.addEventListener('abort', onAbort, { once: true })
      try {
        while (!signal.aborted) {
          if (reader.waiting.length > 0) yield reader.waiting.splice(0)
          else if (feed.ended) break
          else {
            await new Promise<void>((resolve) => {
              reader.wake = resolve
            })
          }
        }
        if (feed.failure !== null && !signal.aborted) throw feed.failure
      } finally {
        signal.removeEventListener('abort', onAbort)
        leave(feed, containerId, reader)
      }
    },
  }
}

function push(samples: StatsSample[], sample: StatsSample): void {
  samples.push(sample)
  if (samples.length > HISTORY) samples.shift()
}

/** What happened between two counts. */
export function toSample(before: ContainerCounters, now: ContainerCounters): StatsSample {
  const seconds = Math.max((now.time.getTime() - before.time.getTime()) / 1000, 0.001)
  // Counters begin anew when the container was started again between the two.
  const rate = (from: number, to: number) => Math.max(0, to - from) / seconds
  return {
    time: now.time.toISOString(),
    cpus: rate(before.cpuNanoseconds, now.cpuNanoseconds) / 1e9,
    memoryBytes: now.memoryBytes,
    memoryLimitBytes: now.memoryLimitBytes,
    networkReceived: rate(before.receivedBytes, now.receivedBytes),
    networkSent: rate(before.sentBytes, now.sentBytes),
    diskRead: rate(before.readBytes, now.readBytes),
    diskWritten: rate(before.writtenBytes, now.writtenBytes),
    processes: now.processes,
  }
}
