import type { Readable } from 'node:stream'

/** Kept of what a failed program said. */
const COMPLAINT_LENGTH = 2000

/** Reads a program's error output. Returns a function that gives its end; empty if there was none. */
export function complaintsOn(stderr: Readable): () => string {
  let text = ''
  stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-COMPLAINT_LENGTH)
  })
  return () => text.trim()
}
