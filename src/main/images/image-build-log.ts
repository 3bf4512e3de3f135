import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isBerthError } from '../../shared/errors'
import { log } from '../log'

/** Of a build that prints more, what comes after is left out. */
const MOST_BYTES = 2 * 1024 * 1024

/** Get the output of the last image build: `BERTH_HOME/logs/image-build.log`. */
export interface ImageBuildLog {
  /** Replaces the log of the build before. */
  begin(tag: string): { line(text: string): void; end(failure: unknown): Promise<void> }
  /** Its lines; null before the first build. */
  read(): Promise<string[] | null>
}

export function createImageBuildLog(home: string, now: () => Date): ImageBuildLog {
  const folder = join(home, 'logs')
  const file = join(folder, 'image-build.log')
  /** One after the other. A log that cannot be written is no reason for a build to fail. */
  let work = Promise.resolve()
  const enqueue = (write: () => Promise<void>) => {
    work = work.then(write).catch((error: unknown) => log.warn({ err: error }, 'the log of a build could not be written'))
  }

  return {
    begin(tag) {
      let bytes = 0
      const append = (text: string) => {
        bytes += Buffer.byteLength(text) + 1
        if (bytes <= MOST_BYTES) enqueue(() => appendFile(file, `${text}\n`, { mode: 0o600 }))
      }
      enqueue(async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await writeFile(file, `${now().toISOString()} Building ${tag}\n`, { mode: 0o600 })
      })
      return {
        line: append,
        async end(failure) {
          const outcome = failure === null ? 'Built' : `Failed: ${isBerthError(failure) ? failure.message : String(failure)}`
          enqueue(() => appendFile(file, `${now().toISOString()} ${outcome}\n`, { mode: 0o600 }))
          await work
        },
      }
    },
    async read() {
      await work
      try {
        return (await readFile(file, 'utf8')).trimEnd().split('\n')
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
        throw error
      }
    },
  }
}
