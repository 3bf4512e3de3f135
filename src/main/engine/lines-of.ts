import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** None of those who speak in lines to Berth has one as long. */
const LONGEST_LINE = 4 * 1024 * 1024

/**
 * The lines of a stream, without their ends. Unlike Node's readline it ends with the stream in any case: it throws the stream's failure,
 * also if the stream is destroyed or a line is endless.
 */
export async function* linesOf(source: Readable, longest = LONGEST_LINE): AsyncGenerator<string, undefined> {
  const decoder = new StringDecoder('utf8')
  let unfinished = ''
  for await (const chunk of source as AsyncIterable<Buffer>) {
    const lines = (unfinished + decoder.write(chunk)).split('\n')
    unfinished = lines.pop() ?? ''
    if (unfinished.length > longest) throw new Error(`a line of more than ${longest} characters`)
    for (const line of lines) yield withoutReturn(line)
  }
  unfinished += decoder.end()
  if (unfinished !== '') yield withoutReturn(unfinished)
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line
}
