import { isBerthError } from '../../shared/errors'
import { parseJson } from '../../shared/parse-json'
import { log } from '../log'
import type { Engine } from './engine'
import type { ExecOptions } from './exec'
import { linesOf } from './lines-of'

interface Listening {
  /** Written to its input, which then stays open. */
  input?: Buffer | undefined
  /** Characters; a longer line ends the watch, since what comes from inside is not trusted. */
  longestLine: number
  /** Exit codes that mean that the container has no such program, or one that has nothing to say. */
  absent: ReadonlySet<number>
  /** What a line is: one that the program means, any other, or the last that is wanted. */
  onLine(line: string): 'taken' | 'other' | 'enough'
}

/**
 * Runs one of Berth's own programs in a container, as root, and reads the lines it says. Such a program ends with its input, and so at the
 * latest when the signal is aborted. What it says on stderr is left out. Resolves when it has ended, was cut off or has said enough; with false when
 * the container has no such program. Throws ENGINE_REFUSED when the container does not run, and what else the engine throws.
 */
export async function watchProgram(
  engine: Pick<Engine, 'exec'>,
  program: Pick<ExecOptions, 'containerId' | 'command' | 'cwd'>,
  signal: AbortSignal,
  { input, longestLine, absent, onLine }: Listening,
): Promise<boolean> {
  const stream = await engine.exec.start({ ...program, user: 'root', tty: false, stdin: true })
  const end = () => stream.destroy()
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  stream.stderr.resume()
  if (input) stream.stdin?.write(input)
  let hasSpoken = false
  try {
    for await (const line of linesOf(stream.stdout, longestLine)) {
      const heard = onLine(line)
      if (heard === 'enough') return true
      if (heard === 'taken') hasSpoken = true
    }
    return hasSpoken || signal.aborted || !absent.has(await stream.exitCode())
  } catch (error) {
    if (signal.aborted) return true
    if (isBerthError(error)) throw error
    log.debug(
      { err: error, containerId: program.containerId, command: program.command },
      'the output of a program in a container was cut off',
    )
    return true
  } finally {
    signal.removeEventListener('abort', end)
    stream.destroy()
  }
}

/** What a line of such a program says; null for what is no JSON: the engine says on the same stream that a program could not be started. */
export function parseSaid(line: string): unknown {
  return line.startsWith('{') ? (parseJson(line) ?? null) : null
}
