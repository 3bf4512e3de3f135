import type { Readable } from 'node:stream'

/** Kept of what a failed program said. */
const COMPLAINT_LENGTH = 2000

/** Reads what a program says of its failure. Returns what gives the end of it; empty when it said nothing. */
export function complaintsOn(stderr: Readable): () => string {
  let text = ''
  stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-COMPLAINT_LENGTH)
  })
  return () => text.trim()
}
