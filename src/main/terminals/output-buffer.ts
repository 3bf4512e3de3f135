import type { Readable } from 'node:stream'

/** Output that comes within this time of a batch goes into one next batch. */
const BATCH_MILLISECONDS = 8
/** As much as this is not held back. */
const FULL_BATCH_BYTES = 16 * 1024
/** The sources are not read on while this much waits. */
const MOST_BYTES = 128 * 1024

export interface OutputPart {
  stream: 'stdout' | 'stderr'
  bytes: Buffer
}

export interface OutputBuffer {
  /** Waits for output; null when it has ended. Throws when a source failed, after what came before. One call at a time. */
  take(): Promise<OutputPart[] | null>
  /** The end, whatever the sources do. */
  stop(): void
}

/**
 * Gathers what two streams say, in the order in which it came, into batches: the first output after a silence at once, a trickle
 * in a batch every few milliseconds, a flood in large pieces. Holds a bounded amount and lets the sources wait.
 */
export function createOutputBuffer(stdout: Readable, stderr: Readable): OutputBuffer {
  let parts: { stream: OutputPart['stream']; chunks: Buffer[] }[] = []
  let bytes = 0
  const open = new Set([stdout, stderr])
  let failure: Error | null = null
  let lastTaken = 0
  let wake = () => {}

  const listen = (source: Readable, stream: OutputPart['stream']) => {
    const end = () => {
      open.delete(source)
      wake()
    }
    source.on('data', (chunk: Buffer) => {
      const last = parts.at(-1)
      if (last?.stream === stream) last.chunks.push(chunk)
      else parts.push({ stream, chunks: [chunk] })
      bytes += chunk.length
      if (bytes >= MOST_BYTES) pause()
      wake()
    })
    source.on('end', end).on('close', end)
    source.on('error', (error: Error) => {
      failure ??= error
      end()
    })
    if (source.readableEnded || source.destroyed) end()
    source.resume()
  }
  const pause = () => {
    stdout.pause()
    stderr.pause()
  }
  listen(stdout, 'stdout')
  listen(stderr, 'stderr')

  const until = (condition: () => boolean, milliseconds?: number) =>
    new Promise<void>((resolve) => {
      const settle = () => {
        clearTimeout(timer)
        wake = () => {}
        resolve()
      }
      const timer = milliseconds === undefined ? undefined : setTimeout(settle, milliseconds)
      wake = () => {
        if (condition()) settle()
      }
      wake()
    })
  const hasEnded = () => open.size === 0

  return {
    async take() {
      await until(() => bytes > 0 || hasEnded())
      const rest = lastTaken + BATCH_MILLISECONDS - performance.now()
      if (rest > 0) await until(() => bytes >= FULL_BATCH_BYTES || hasEnded(), rest)
      lastTaken = performance.now()
      if (bytes === 0) {
        if (failure) throw failure
        return null
      }
      const taken = parts
      parts = []
      bytes = 0
      stdout.resume()
      stderr.resume()
      return taken.map(({ stream, chunks }) => ({ stream, bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks) }))
    },
    stop() {
      open.clear()
      stdout.destroy()
      stderr.destroy()
      wake()
    },
  }
}
