import { nanoid } from 'nanoid'
import type { Engine } from '../engine/engine'
import { endProcessTree, MARKER_VARIABLE } from '../engine/process-tree'
import { createLineReader } from './line-reader'
import type { LogSource } from './log-source'

/** Of a container that has stopped, nothing is followed. */
export interface FileOfContainer {
  engine: Pick<Engine, 'exec'> & { containers: Pick<Engine['containers'], 'readFile'> }
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
      // A line that is not finished is, in a file that goes on, finished by what comes.
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
  const marker = nanoid()
  const stream = await engine.exec.start({
    containerId,
    command: ['tail', '-c', `+${size + 1}`, '-F', path],
    user: 'root',
    environment: { [MARKER_VARIABLE]: marker },
    tty: false,
    stdin: false,
  })
  // It tells there of files that come and go; a broken connection is met at the output.
  stream.stderr.on('error', () => undefined).resume()
  try {
    yield* untilAborted(stream.stdout as AsyncIterable<Buffer>, signal, () => stream.destroy())
  } finally {
    stream.destroy()
    await endProcessTree(engine.exec, containerId, marker)
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
