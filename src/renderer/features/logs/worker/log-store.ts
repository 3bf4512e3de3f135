import { MOST_LOG_LINES } from '../../../../shared/log-stream'
import type { LogChunk } from './log-chunk'
import { createSegment, type LogSegment } from './log-segment'

/** All lines together, with what is kept beside them. */
const MOST_BYTES = 288 * 1024 * 1024

const GAP_TEXT = 'Some lines are missing: the engine truncated its log before they were read.'

/** The lines of a log, bounded: the oldest go first. Numbers stay with their lines; older lines have lower ones. */
export interface LogStore {
  /** All that is kept and in its place, oldest first. Another array whenever chunks came or went. */
  chunks(): readonly LogChunk[]
  appendLive(entries: Uint8Array): void
  appendHistory(entries: Uint8Array): void
  /** Puts the history before the live lines. Unless `joined`, lines are missing in between. */
  endHistory(joined: boolean): void
  appendGap(): void
  /** Forgets all lines, and those of a history that is still coming. */
  clear(): void
  state(): LogStoreState
}

export interface LogStoreState {
  /** Lines kept and in their place. */
  count: number
  /** Lines that came and are not kept: the oldest of too many. */
  dropped: number
  cleared: boolean
  /** Lines of a history that is still coming; null when none is. */
  historyCount: number | null
  /** Bytes of the longest line that came. */
  longest: number
}

export function createLogStore({ mostLines = MOST_LOG_LINES, mostBytes = MOST_BYTES } = {}): LogStore {
  const live = createSegment(0)
  let history: LogSegment | null = null
  let before: LogChunk[] = []
  let dropped = 0
  let cleared = false
  let longest = 0
  let joined: readonly LogChunk[] = []
  let joinedOf = { before: -1, live: -1, first: null as LogChunk | null }

  /** Whole chunks go, never the newest. */
  function drop(): void {
    const segments = [history?.chunks ?? [], before, live.chunks]
    const chunks = () => segments.reduce((sum, list) => sum + list.length, 0)
    const sum = (of: (chunk: LogChunk) => number) => segments.flat().reduce((total, chunk) => total + of(chunk), 0)
    let lines = sum(({ count }) => count)
    let bytes = sum(bytesOf)
    while ((lines > mostLines || bytes > mostBytes) && chunks() > 1) {
      const oldest = segments.find((list) => list.length > 0)?.shift()
      if (oldest === undefined) return
      lines -= oldest.count
      bytes -= bytesOf(oldest)
      dropped += oldest.count
    }
  }

  function dropIfGrown(segment: LogSegment, grow: () => void): void {
    const chunksBefore = segment.chunks.length
    grow()
    longest = Math.max(longest, segment.longest)
    if (segment.chunks.length !== chunksBefore) drop()
  }

  return {
    chunks() {
      const first = before[0] ?? live.chunks[0] ?? null
      if (joinedOf.before !== before.length || joinedOf.live !== live.chunks.length || joinedOf.first !== first) {
        joined = [...before, ...live.chunks]
        joinedOf = { before: before.length, live: live.chunks.length, first }
      }
      return joined
    },
    appendLive: (entries) => dropIfGrown(live, () => live.append(entries)),
    appendHistory(entries) {
      if (cleared) return
      const segment = history ?? createSegment(0)
      history = segment
      dropIfGrown(segment, () => segment.append(entries))
    },
    endHistory(isJoined) {
      if (cleared) return
      const segment = history ?? createSegment(0)
      if (!isJoined) segment.appendGap(GAP_TEXT)
      for (const chunk of segment.chunks) chunk.firstNumber -= segment.count
      before = segment.chunks
      history = null
      drop()
    },
    appendGap: () => dropIfGrown(live, () => live.appendGap(GAP_TEXT)),
    clear() {
      before = []
      history = null
      live.chunks.splice(0)
      dropped = 0
      longest = 0
      cleared = true
    },
    state: () => ({
      count: [...before, ...live.chunks].reduce((sum, { count }) => sum + count, 0),
      dropped,
      cleared,
      historyCount: history === null ? null : history.count,
      longest,
    }),
  }
}

function bytesOf(chunk: LogChunk): number {
  return chunk.text.length + chunk.offsets.length * 13
}
