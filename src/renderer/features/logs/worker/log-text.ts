import { plainLine } from '../ansi-line'
import { type LogChunk, lineText } from './log-chunk'

/** As it is read on the screen: without escape sequences, with times if wanted. In pieces, a chunk each, so that none grows too large. */
export function textOf(chunks: readonly LogChunk[], wants: (chunk: LogChunk, line: number) => boolean, withTime: boolean): Blob {
  const pieces: string[] = []
  for (const chunk of chunks) {
    let piece = ''
    for (let line = 0; line < chunk.count; line++) {
      if (!wants(chunk, line)) continue
      const time = chunk.times[line] ?? Number.NaN
      const stamp = withTime && !Number.isNaN(time) ? `${new Date(time).toISOString()} ` : ''
      piece += `${stamp}${plainLine(lineText(chunk, line))}\n`
    }
    if (piece !== '') pieces.push(piece)
  }
  return new Blob(pieces, { type: 'text/plain' })
}
