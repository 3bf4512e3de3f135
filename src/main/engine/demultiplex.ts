import { PassThrough, type Readable } from 'node:stream'
import { finished } from 'node:stream/promises'

const HEADER_BYTES = 8
const STDERR = 2

/**
 * Takes apart the engine's stream of stdout and stderr (an 8-byte header before each chunk: the stream's number, and the
 * length). Holds no more than a chunk: while a reader of either side is slow, the engine's stream is not read.
 */
export function demultiplex(source: Readable): { stdout: Readable; stderr: Readable } {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  // The reader sees the failure anyway; without a reader the error would end the process.
  for (const stream of [stdout, stderr]) stream.on('error', () => undefined)
  pump(source, stdout, stderr).then(
    () => {
      stdout.end()
      stderr.end()
    },
    (error: Error) => {
      stdout.destroy(error)
      stderr.destroy(error)
    },
  )
  return { stdout, stderr }
}

async function pump(source: Readable, stdout: PassThrough, stderr: PassThrough): Promise<void> {
  let header = Buffer.alloc(0)
  let target = stdout
  let remaining = 0
  for await (const data of source as AsyncIterable<Buffer>) {
    let chunk = data
    while (chunk.length > 0) {
      if (remaining === 0) {
        const missing = HEADER_BYTES - header.length
        header = Buffer.concat([header, chunk.subarray(0, missing)])
        chunk = chunk.subarray(missing)
        if (header.length < HEADER_BYTES) break
        target = header[0] === STDERR ? stderr : stdout
        remaining = header.readUInt32BE(4)
        header = Buffer.alloc(0)
        continue
      }
      const part = chunk.subarray(0, remaining)
      chunk = chunk.subarray(part.length)
      remaining -= part.length
      if (!target.write(part)) await drained(target)
    }
  }
}

/** Resolves when the stream takes more; also when its reader has gone, so that the other side still flows. */
async function drained(stream: PassThrough): Promise<void> {
  if (stream.destroyed) return
  const abort = new AbortController()
  const drain = new Promise<void>((resolve) => {
    stream.once('drain', resolve)
  })
  await Promise.race([drain, finished(stream, { signal: abort.signal }).catch(() => undefined)])
  abort.abort()
}
