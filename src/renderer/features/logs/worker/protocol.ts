import type { Level } from './line-flags'
import type { LogQuery } from './search-chunk'
import type { SearchStatus } from './search-state'

/** How the worker reaches the core. A port is handed over beside it. */
export type LogTransport = { kind: 'websocket'; url: string; protocols: string[] } | { kind: 'port' }

/** Which rows the page wants: the last ones, or from a row on. `generation` is that of the view it knows. */
export type WantedRows = { kind: 'end'; rows: number } | { kind: 'at'; top: number; rows: number; generation: number }

export type LogRequest =
  /** Reads from that stream from now on; what there is stays until something comes. */
  | { kind: 'open'; transport: LogTransport }
  /** Reads nothing more, and keeps what there is. */
  | { kind: 'close' }
  | { kind: 'want'; rows: WantedRows }
  /** The last view has been drawn: the next may come. */
  | { kind: 'drawn' }
  | { kind: 'clear' }
  | { kind: 'filter'; leastLevel: Level; onlyMatching: boolean }
  /** Looks for it from line `near` on; null ends the search. */
  | { kind: 'search'; query: LogQuery | null; near: number }
  | { kind: 'step'; direction: 1 | -1; near: number }
  /** Milliseconds since 1970. */
  | { kind: 'reveal-time'; time: number }
  /** The lines as text; all that are visible, or those between two numbers. Answered by `text`. */
  | { kind: 'text'; id: number; withTime: boolean; lines: 'all' | 'visible' | { from: number; to: number } }

export interface LogRowData {
  number: number
  /** Milliseconds since 1970; null where it is not known. */
  time: number | null
  level: Level
  stderr: boolean
  /** Not a line of the log: it says that lines are missing there. */
  gap: boolean
  /** With its escape sequences. */
  raw: string
  /** Places in the text without them. */
  matches: { start: number; end: number; current: boolean }[]
}

export type LogPhase =
  /** No lines have come yet, and more may. */
  | { kind: 'reading' }
  | { kind: 'following' }
  /** The log is at its end. */
  | { kind: 'ended' }
  /** The connection broke. */
  | { kind: 'lost' }
  /** Why, as JSON: a `Problem`. */
  | { kind: 'failed'; json: string }

/** What the page draws; one at a time, a frame each at most. */
export interface LogView {
  /** Grows when lines went to other rows. */
  generation: number
  /** By how many rows the lines at the top have moved since the last view. */
  shift: number
  /** Rows of the view, of which `rows` are those from `from` on. */
  count: number
  from: number
  rows: LogRowData[]
  /** Lines kept, visible or not. */
  total: number
  dropped: number
  cleared: boolean
  /** Lines of a history that is still coming; null when none is. */
  historyCount: number | null
  /** Bytes of the longest line. */
  longest: number
  phase: LogPhase
  search: { status: SearchStatus; total: number; position: number | null }
  /** A row to be shown, once. */
  reveal: number | null
}

export type LogAnswer = { kind: 'view'; view: LogView } | { kind: 'text'; id: number; text: Blob }
