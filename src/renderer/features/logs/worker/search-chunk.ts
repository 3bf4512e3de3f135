import { plainBytes } from './plain-bytes'

/** What is looked for. */
export interface LogQuery {
  text: string
  matchCase: boolean
  /** A regular expression; else the text as it is. */
  isPattern: boolean
}

/** Lines with matches, by their place, and how many matches each has. */
export interface ChunkMatches {
  lines: Uint32Array<ArrayBuffer>
  counts: Uint32Array<ArrayBuffer>
}

export interface SearchedText {
  /** UTF-8; each line ends with a line feed. */
  text: Uint8Array
  hasControls: boolean
}

const decoder = new TextDecoder()
const SPECIAL = /[\\^$.*+?()[\]{}|/]/g

/** Throws SyntaxError when the pattern is none. */
export function compileQuery({ text, matchCase, isPattern }: LogQuery): RegExp {
  return new RegExp(isPattern ? text : text.replace(SPECIAL, '\\$&'), matchCase ? 'g' : 'gi')
}

/** A line is looked at by itself, so that no match goes over its end. Empty matches do not count. */
export function searchChunk({ text, hasControls }: SearchedText, query: LogQuery, regex: RegExp): ChunkMatches {
  const content = decoder.decode(hasControls ? plainBytes(text) : text)
  return query.isPattern ? searchLines(content, regex) : searchLiteral(content, regex)
}

function searchLines(content: string, regex: RegExp): ChunkMatches {
  const found = createFound()
  let start = 0
  for (let line = 0; start < content.length; line++) {
    const end = content.indexOf('\n', start)
    const count = countMatches(content.slice(start, end), regex)
    if (count > 0) found.add(line, count)
    start = end + 1
  }
  return found.result()
}

/** It holds no line feed, so that all lines can be looked at in one go. */
function searchLiteral(content: string, regex: RegExp): ChunkMatches {
  const found = createFound()
  let line = 0
  let lineEnd = content.indexOf('\n')
  let count = 0
  regex.lastIndex = 0
  for (let match = regex.exec(content); match !== null; match = regex.exec(content)) {
    while (match.index > lineEnd) {
      if (count > 0) found.add(line, count)
      count = 0
      line++
      lineEnd = content.indexOf('\n', lineEnd + 1)
    }
    count++
  }
  if (count > 0) found.add(line, count)
  return found.result()
}

function countMatches(line: string, regex: RegExp): number {
  let count = 0
  regex.lastIndex = 0
  for (let match = regex.exec(line); match !== null; match = regex.exec(line)) {
    if (match[0] === '') regex.lastIndex++
    else count++
  }
  return count
}

/** Where the matches in one line are. */
export function matchesInLine(line: string, regex: RegExp): { start: number; end: number }[] {
  const matches: { start: number; end: number }[] = []
  regex.lastIndex = 0
  for (let match = regex.exec(line); match !== null; match = regex.exec(line)) {
    if (match[0] === '') regex.lastIndex++
    else matches.push({ start: match.index, end: match.index + match[0].length })
  }
  return matches
}

function createFound() {
  let lines = new Uint32Array(64)
  let counts = new Uint32Array(64)
  let length = 0
  return {
    add(line: number, count: number): void {
      if (length === lines.length) {
        lines = grown(lines)
        counts = grown(counts)
      }
      lines[length] = line
      counts[length++] = count
    },
    result: (): ChunkMatches => ({ lines: lines.slice(0, length), counts: counts.slice(0, length) }),
  }
}

function grown(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(array.length * 2)
  larger.set(array)
  return larger
}
