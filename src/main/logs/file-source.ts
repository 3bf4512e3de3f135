import type { Machine } from '../engine/machine'
import { startTracked } from '../engine/tracked-exec'
import { createLineReader } from './line-reader'
import type { LogSource } from './log-source'

/** Of a container that has stopped, nothing is followed. */
export interface FileOfContainer {
  engine: Pick<Machine, 'exec'> & { containers: Pick<Machine['containers'], 'readFile'> }
  containerId: string
  running: boolean
  /** Oldest first; the last is the one that is written to. */
  paths: string[]
}

/** A log that a service inside writes to files. They are read by the engine's archive call, also while the workspace is stopped. */
export function createFileSource({ engine, containerId, running, paths }: FileOfContainer): LogSource {
  return {
    seekable: false,
    async *read({ follow, tail, since, until, signal }) {
      const lines = createLineReader({ tail, since, until })
      let size = 0
      for (const path of paths) {
        size = 0
        const content = await engine.containers.readFile(containerId, path, signal)
        if (content === null) continue
        for await (const bytes of untilAborted(content, signal)) {
          size += bytes.length
          yield* lines.take(bytes)
        }
      }
      const current = paths.at(-1)
      const goesOn = follow && running && current !== undefined && !signal.aborted
      // In a file that grows, an unfinished line is completed by later data.
      yield* lines.endOfWhatIsThere({ flush: !goesOn })
      if (goesOn) for await (const bytes of followFile(engine, containerId, current, size, signal)) yield* lines.take(bytes)
    },
  }
}

/** What is written to the file after its first `size` bytes, and to the files that take its place. */
async function* followFile(
  engine: FileOfContainer['engine'],
  containerId: string,
  path: string,
  size: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const following = await startTracked(engine.exec, {
    containerId,
    command: ['tail', '-c', `+${size + 1}`, '-F', path],
    user: 'root',
    cwd: '/',
    tty: false,
    stdin: false,
    detached: 'included',
  })
  // It tells there of files that come and go.
  following.stderr.resume()
  try {
    yield* untilAborted(following.stdout as AsyncIterable<Buffer>, signal, following.destroy)
  } finally {
    following.destroy()
    await following.end()
  }
}

async function* untilAborted(source: AsyncIterable<Buffer>, signal: AbortSignal, stop = () => {}): AsyncGenerator<Buffer> {
  signal.addEventListener('abort', stop, { once: true })
  try {
    if (!signal.aborted) yield* source
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
