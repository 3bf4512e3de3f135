import type { Readable } from 'node:stream'

const COMPLAINT_BYTES = 4000

/** What is read from the stderr of a helper in which rsync runs. */
export interface RsyncOutput {
  /** The end of what it has said, without progress; empty for nothing. */
  complaint(): string
  /** Is called with each progress from now on: bytes of files, as they are in the source. */
  onBytes(listener: (bytes: number) => void): void
}

/** Reads it to its end. Progress lines end with a carriage return: `BYTES SHARE% …`. */
export function listen(stderr: Readable): RsyncOutput {
  let said = ''
  let unfinished = ''
  let listener: (bytes: number) => void = () => undefined

  function take(line: string): void {
    const text = line.replaceAll('\0', '').trim()
    if (text === '') return
    const bytes = progressOf(text)
    if (bytes === null) said = `${said}${text}\n`.slice(-COMPLAINT_BYTES)
    else listener(bytes)
  }

  stderr.on('data', (chunk: Buffer) => {
    const lines = `${unfinished}${chunk.toString('utf8')}`.replaceAll('\r', '\n').split('\n')
    unfinished = (lines.pop() ?? '').slice(-COMPLAINT_BYTES)
    for (const line of lines) take(line)
  })
  return {
    complaint() {
      take(unfinished)
      unfinished = ''
      return said.trim()
    },
    onBytes(given) {
      listener = given
    },
  }
}

/** null for a line that is none. */
function progressOf(line: string): number | null {
  const [bytes = '', share = ''] = line.split(' ').filter((word) => word !== '')
  const isProgress = share.endsWith('%') && Number.isSafeInteger(Number(bytes)) && Number.isInteger(Number(share.slice(0, -1)))
  return isProgress ? Number(bytes) : null
}
