import { once } from 'node:events'
import type { Exec } from '../engine/exec'
import { startTracked, type TrackedExec } from '../engine/tracked-exec'
import { log } from '../log'

/** A file becomes the old one at this size, and the old one goes. */
const MOST_BYTES = 1024 * 1024

/** Begins a new file at `$1` and keeps the one before. */
const BEGIN = `
mkdir -p "\${1%/*}" || exit
[ ! -s "$1" ] || mv -f "$1" "$1.old" || exit
exec cat >"$1"
`

/** The log of a run of scripts, which Berth writes into the workspace line by line, each with its time. */
export interface ScriptLog {
  /** Resolves when more can be taken. */
  write(lines: string[]): Promise<void>
  /** Resolves when all is written; with false when a part could not be, as on a full disk. */
  end(): Promise<boolean>
}

/** Begins a log; that of the run before is kept beside it. Throws what the engine throws. */
export async function openScriptLog(exec: Exec, containerId: string, path: string, now: () => Date): Promise<ScriptLog> {
  let file = await begin()
  let written = 0
  let isWhole = true

  async function begin(): Promise<TrackedExec> {
    const started = await startTracked(exec, {
      ...{ containerId, user: 'root', cwd: '/', tty: false, stdin: true, detached: 'included' },
      command: ['sh', '-c', BEGIN, 'sh', path],
    })
    started.stdout.resume()
    started.stderr.resume()
    started.stdin?.on('error', (error) => log.warn({ err: error, path }, 'a log could not be written in a workspace'))
    return started
  }

  async function finish(): Promise<void> {
    file.stdin?.end()
    if ((await file.exitCode()) !== 0) isWhole = false
  }

  return {
    async write(lines) {
      const text = lines.map((line) => `${now().toISOString()} ${line}\n`).join('')
      if (written >= MOST_BYTES) {
        await finish()
        file = await begin()
        written = 0
      }
      written += Buffer.byteLength(text)
      const { stdin } = file
      if (!stdin?.writable) isWhole = false
      else if (!stdin.write(text)) await Promise.race([once(stdin, 'drain'), once(stdin, 'close')])
    },
    async end() {
      await finish()
      return isWhole
    },
  }
}
