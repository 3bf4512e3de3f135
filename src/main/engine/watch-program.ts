import { parseJson } from '../../shared/parse-json'
import type { Engine } from './engine'
import type { ExecOptions, ExecStream } from './exec'

/**
 * Runs one of Berth's own programs in a container, as root, for as long as `read` reads what it says. Such a program ends with its input, and
 * so at the latest when the signal is aborted. What it says on stderr is left out. Throws ENGINE_REFUSED when the container does not run.
 */
export async function watchProgram<Result>(
  engine: Pick<Engine, 'exec'>,
  program: Pick<ExecOptions, 'containerId' | 'command' | 'cwd'>,
  signal: AbortSignal,
  read: (stream: ExecStream) => Promise<Result>,
): Promise<Result> {
  const stream = await engine.exec.start({ ...program, user: 'root', tty: false, stdin: true })
  const end = () => stream.destroy()
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  stream.stderr.resume()
  try {
    return await read(stream)
  } finally {
    signal.removeEventListener('abort', end)
    stream.destroy()
  }
}

/** What a line of such a program says; null for what is no JSON: the engine says on the same stream that a program could not be started. */
export function parseSaid(line: string): unknown {
  return line.startsWith('{') ? (parseJson(line) ?? null) : null
}
