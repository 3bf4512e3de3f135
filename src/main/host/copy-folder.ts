import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { BerthError } from '../../shared/errors'
import type { Progress } from '../../shared/operation'
import { complaintsOn } from './complaints'

const LINE_END = '\n'.charCodeAt(0)

interface CopyOptions {
  signal: AbortSignal
  onProgress(progress: Progress): void
}

/**
 * Copies the contents of a folder into another with this machine's `cp`: modes, times, links, hard links, sparse files and extended
 * attributes are kept, and file systems that share data between files copy no bytes. It is not a consistent state: files that change during
 * the copy are copied before or after. Throws CANCELLED, HOST_FOLDER_UNUSABLE.
 */
export async function copyFolder(source: string, target: string, { signal, onProgress }: CopyOptions): Promise<void> {
  signal.throwIfAborted()
  const total = await countEntries(source, signal)
  const child = spawn('cp', ['--archive', '--reflink=auto', '--verbose', '--no-target-directory', '--', source, target], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  })
  const stop = () => child.kill('SIGKILL')
  signal.addEventListener('abort', stop, { once: true })
  const said = complaintsOn(child.stderr)
  let done = 0
  child.stdout.on('data', (bytes: Buffer) => {
    for (let at = bytes.indexOf(LINE_END); at !== -1; at = bytes.indexOf(LINE_END, at + 1)) done += 1
    onProgress({ done: Math.min(done, total), total, unit: 'steps' })
  })
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    if (signal.aborted) throw cancelled()
    if (code !== 0) throw failed(source, said() || `cp ended with code ${code}`)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/** Only for progress: files may appear or disappear during the copy. */
async function countEntries(folder: string, signal: AbortSignal): Promise<number> {
  let count = 1
  const waiting = [folder]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (signal.aborted) throw cancelled()
    try {
      for await (const entry of await opendir(next)) {
        count += 1
        if (entry.isDirectory()) waiting.push(join(next, entry.name))
      }
    } catch (error) {
      // The copy says what cannot be read.
      if (!(error instanceof Error && 'code' in error)) throw error
    }
  }
  return count
}

function cancelled(): BerthError {
  return new BerthError('CANCELLED', 'The copy was cancelled.', { what: 'the copy', next: 'Start the clone again if you still need it.' })
}

function failed(folder: string, reason: string): BerthError {
  return new BerthError('HOST_FOLDER_UNUSABLE', `${folder} could not be copied: ${reason}`, {
    ...{ folder, reason },
    next: 'Free disk space, or make all files readable for your user, then clone it again.',
  })
}
