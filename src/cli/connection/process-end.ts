import { setTimeout as pause } from 'node:timers/promises'
import { CliError } from '../cli-error'

/** Longer than Berth gives what is still under way when it ends. */
const DEADLINE_MILLISECONDS = 30_000

/** Returns once that process of this machine is gone. Throws STILL_RUNNING when it stays. */
export async function processEnd(pid: number, deadlineMilliseconds = DEADLINE_MILLISECONDS): Promise<void> {
  const end = performance.now() + deadlineMilliseconds
  // Nothing tells a process of the end of one that is not its child.
  for (let wait = 5; isThere(pid); wait = Math.min(wait * 2, 100)) {
    if (performance.now() > end) {
      throw new CliError('STILL_RUNNING', `Berth was told to end and has closed its door, but its process ${pid} still runs.`, {
        next: `Give it a moment. If it stays, end it with “kill ${pid}”.`,
        data: { pid },
      })
    }
    await pause(wait)
  }
}

function isThere(pid: number): boolean {
  try {
    // Signal 0 asks only.
    process.kill(pid, 0)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM')) return false
    throw error
  }
}
