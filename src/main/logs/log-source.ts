/** Which lines are wanted of a log. */
export interface ReadOptions {
  follow: boolean
  /** Lines from the end, counted before `since` and `until` are looked at. */
  tail: number | 'all'
  /** Seconds since 1970 with up to nine digits after the point, or to the millisecond. */
  since?: Date | string | undefined
  until?: Date | string | undefined
  signal: AbortSignal
}

/** One log of a workspace, as pieces of whole entries (`shared/log-stream.ts`). */
export interface LogSource {
  /** Whether it can be read from its end, and again from a time on. */
  seekable: boolean
  /** Ends with the log or, followed, with what writes it; quietly when the signal is aborted. Read as fast as the caller takes it. */
  read(options: ReadOptions): AsyncIterable<Buffer>
}
