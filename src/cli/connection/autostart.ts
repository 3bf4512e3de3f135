import { type ChildProcess, spawn } from 'node:child_process'
import { type FSWatcher, watch } from 'node:fs'
import { type FileHandle, mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import { DOOR_FILE } from '../../shared/door'
import { BACKGROUND_LOG_FILE } from '../../shared/log-files'
import { CORE_NODE_FLAGS } from '../../shared/node-flags'
import { CliError } from '../cli-error'
import type { CliHost } from '../context'
import { oneLine } from '../output/format/plain-text'

const DEADLINE_MILLISECONDS = 20_000
/** How long to go on waiting for the Berth that holds the home before trying again: it may have been on its way out. */
const RETRY_MILLISECONDS = [2000, 4000, 8000]
/** Exit code of a headless Berth that found another one in its home. */
const ALREADY_RUNNING = 4
const LOG_LINES = 12
/** A larger log begins anew. */
const LOG_LIMIT_BYTES = 4 * 1024 * 1024

interface Attempt {
  child: ChildProcess
  /** null while it runs. */
  ending: string | null
  exitCode: number | null
}

/**
 * Starts a Berth without a window in the background, and returns what `knock` gives once it gives something. Many command lines
 * may do this at once: one of their Berths gets the home, the others end, and all meet at its door.
 */
export async function startBerth<Opened>(
  host: Pick<CliHost, 'env' | 'headlessPath'>,
  home: string,
  knock: () => Promise<Opened | null>,
  deadlineMilliseconds = DEADLINE_MILLISECONDS,
): Promise<Opened> {
  await mkdir(home, { recursive: true, mode: 0o700 })
  const log = await open(join(home, BACKGROUND_LOG_FILE), 'a+', 0o600)
  if ((await log.stat()).size > LOG_LIMIT_BYTES) await log.truncate()
  const logStart = (await log.stat()).size
  const timers = new Set<NodeJS.Timeout>()
  let wake = () => {}
  let expired = false
  let retryDue = false
  let watcher: FSWatcher | null = null
  try {
    // Before the first knock: a door that opens from here on is noticed.
    watcher = watch(home, (_event, fileName) => {
      if (fileName === null || fileName === DOOR_FILE) wake()
    })
    timers.add(
      setTimeout(() => {
        expired = true
        wake()
      }, deadlineMilliseconds),
    )
    const retries = RETRY_MILLISECONDS.values()
    const waitForRetry = () => {
      const pause = retries.next().value
      if (pause === undefined) return
      timers.add(
        setTimeout(() => {
          retryDue = true
          wake()
        }, pause),
      )
    }
    const attempt = () =>
      startHeadless(host, home, log.fd, (ended) => {
        if (ended.exitCode === ALREADY_RUNNING) waitForRetry()
        wake()
      })
    let current = attempt()
    for (;;) {
      // Made before the knock, so that what happens during it is not missed.
      const changed = new Promise<void>((resolve) => {
        wake = resolve
      })
      const opened = await knock()
      if (opened !== null) return opened
      if (current.ending !== null && current.exitCode !== ALREADY_RUNNING) throw await startFailed(home, current.ending, log, logStart)
      if (expired) throw await startFailed(home, `no answer within ${deadlineMilliseconds / 1000} seconds`, log, logStart)
      if (retryDue) {
        retryDue = false
        current = attempt()
      }
      await changed
    }
  } finally {
    watcher?.close()
    for (const timer of timers) clearTimeout(timer)
    await log.close()
  }
}

function startHeadless(
  host: Pick<CliHost, 'env' | 'headlessPath'>,
  home: string,
  logDescriptor: number,
  onEnd: (attempt: Attempt) => void,
): Attempt {
  const child = spawn(process.execPath, [...CORE_NODE_FLAGS, host.headlessPath], {
    // Not the caller's directory: that may have to be unmounted or removed while Berth runs.
    cwd: home,
    env: { ...host.env, BERTH_HOME: home },
    detached: true,
    windowsHide: true,
    // On stdout it prints its address with the token, which has no place in a log.
    stdio: ['ignore', 'ignore', logDescriptor],
  })
  child.unref()
  const attempt: Attempt = { child, ending: null, exitCode: null }
  const end = (ending: string, exitCode: number | null) => {
    attempt.ending = ending
    attempt.exitCode = exitCode
    onEnd(attempt)
  }
  child.once('exit', (code, signal) => end(code === null ? `it was ended by ${signal}` : `it ended with code ${code}`, code))
  child.once('error', (error) => end(error.message, null))
  return attempt
}

async function startFailed(home: string, reason: string, log: FileHandle, logStart: number): Promise<CliError> {
  const lines = await linesSince(log, logStart)
  return new CliError('BERTH_NOT_STARTED', `Berth could not be started in the background: ${reason}.`, {
    next: `Run “berth serve” to see what it says, or read ${join(home, BACKGROUND_LOG_FILE)}.`,
    data: { log: lines },
  })
}

async function linesSince(log: FileHandle, start: number): Promise<string[]> {
  const { size } = await log.stat()
  const length = Math.min(size - start, 64 * 1024)
  if (length <= 0) return []
  const { buffer, bytesRead } = await log.read(Buffer.alloc(length), 0, length, size - length)
  return buffer
    .toString('utf8', 0, bytesRead)
    .split('\n')
    .map(oneLine)
    .filter((line) => line !== '')
    .slice(-LOG_LINES)
}
