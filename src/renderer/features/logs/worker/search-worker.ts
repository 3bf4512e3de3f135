import { type ChunkMatches, compileQuery, type LogQuery, type SearchedText, searchChunk } from './search-chunk'

/** To this worker: what to look for from now on, and texts to look through, in turn. */
export type SearchRequest = { kind: 'query'; query: LogQuery } | ({ kind: 'text' } & SearchedText)
/** From it: one for each text. */
export type SearchAnswer = ChunkMatches

// A worker of its own: a pattern that takes for ever is ended with it, and loses no line.
addEventListener('message', ({ ports: [port] }) => {
  if (port === undefined) return
  let current: { query: LogQuery; regex: RegExp } | null = null
  port.onmessage = ({ data }: MessageEvent<SearchRequest>) => {
    switch (data.kind) {
      case 'query':
        current = { query: data.query, regex: compileQuery(data.query) }
        return
      case 'text': {
        if (current === null) return
        const answer: SearchAnswer = searchChunk(data, current.query, current.regex)
        port.postMessage(answer, [answer.lines.buffer, answer.counts.buffer])
        return
      }
      default:
        data satisfies never
    }
  }
})
