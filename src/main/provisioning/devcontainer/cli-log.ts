import { stripVTControlCharacters } from 'node:util'
import { z } from 'zod'
import { parseJson } from '../../../shared/parse-json'

/** Of the CLI's log: 3 is for information, below are traces. */
const LEAST_LEVEL = 3
const LONGEST_LINE = 16 * 1024

const entrySchema = z.discriminatedUnion('type', [
  z.object({ type: z.enum(['text', 'raw']), level: z.number(), text: z.string() }),
  z.object({ type: z.literal('start'), level: z.number(), text: z.string() }),
  z.object({ type: z.literal('progress'), name: z.string(), status: z.string(), stepDetail: z.string().optional() }),
])

/** Reads the CLI's log, which is JSON a line, into lines for a person. */
export interface CliLogReader {
  /** Lines that are whole by now. */
  take(chunk: string): string[]
  /** What is left when it has ended. */
  end(): string[]
}

export function createCliLogReader(): CliLogReader {
  let unread = ''
  /** Raw output comes in pieces that need not end with a line. */
  let unfinished = ''

  function takeEntry(line: string): string[] {
    if (line.trim() === '') return []
    const entry = entrySchema.safeParse(parseJson(line))
    // What is no entry was written by something else, such as Node itself.
    if (!entry.success) return isEntry(line) ? [] : [shown(line)]
    const { data } = entry
    switch (data.type) {
      case 'progress':
        return [...flush(), shown(`${data.name} ${data.status}${data.stepDetail ? `: ${data.stepDetail}` : ''}`)]
      case 'start':
        return data.level >= LEAST_LEVEL ? [...flush(), shown(data.text)] : []
      case 'text':
        return data.level >= LEAST_LEVEL ? [...flush(), ...data.text.split('\n').map(shown).filter(isSaying)] : []
      case 'raw': {
        if (data.level < LEAST_LEVEL) return []
        const lines = (unfinished + data.text).split('\n')
        unfinished = (lines.pop() ?? '').slice(-LONGEST_LINE)
        return lines.map(shown).filter(isSaying)
      }
      default:
        return data satisfies never
    }
  }

  function flush(): string[] {
    const rest = shown(unfinished)
    unfinished = ''
    return isSaying(rest) ? [rest] : []
  }

  return {
    take(chunk) {
      const lines = (unread + chunk).split('\n')
      unread = lines.pop() ?? ''
      // Nothing that the CLI writes is as long: what comes is not kept for ever.
      if (unread.length > 4 * 1024 * 1024) unread = ''
      return lines.flatMap(takeEntry)
    },
    end() {
      const last = unread
      unread = ''
      return [...takeEntry(last), ...flush()]
    },
  }
}

/** Frames of a JavaScript stack say nothing of the user's configuration. */
const isSaying = (line: string) => line.trim() !== '' && !line.startsWith('    at ')
const isEntry = (line: string) => line.startsWith('{"type":')

/** Without colours, and of a line that overwrote itself the last state. */
function shown(line: string): string {
  const whole = line.replace(/\r+$/, '')
  return stripVTControlCharacters(whole.slice(whole.lastIndexOf('\r') + 1)).slice(0, LONGEST_LINE)
}
