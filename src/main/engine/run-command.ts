import type { Readable } from 'node:stream'
import { nanoid } from 'nanoid'
import { BerthError } from '../../shared/errors'
import type { Exec, ExecStream } from './exec'
import { endProcessTree, MARKER_VARIABLE } from './process-tree'

export interface RunOptions {
  containerId: string
  /** Program and arguments; no shell in between. */
  command: string[]
  user: string
  cwd?: string | undefined
  environment?: Record<string, string> | undefined
  stdin?: string | undefined
  timeoutMs?: number | undefined
  /** Bytes kept of each of stdout and stderr. */
  maxBytes: number
  signal?: AbortSignal | undefined
  /** Each piece of stderr as it comes; for progress. */
  onStderr?: ((text: string) => void) | undefined
}

export interface RunResult {
  /** null when the timeout ended it. */
  exitCode: number | null
  stdout: string
  stderr: string
  timedOut: boolean
  truncated: boolean
}

/**
 * Runs a command in a container to its end. On timeout or abort, it and all it started are ended. Throws CANCELLED when
 * aborted, ENGINE_REFUSED when the container does not run.
 */
export async function runCommand(exec: Exec, options: RunOptions): Promise<RunResult> {
  const marker = nanoid()
  const stream = await exec.start({
    ...options,
    environment: { ...options.environment, [MARKER_VARIABLE]: marker },
    tty: false,
    stdin: options.stdin !== undefined,
  })
  let ended: 'timeout' | 'abort' | null = null
  const end = async (why: 'timeout' | 'abort') => {
    ended ??= why
    await endProcessTree(exec, options.containerId, marker)
    stream.destroy()
  }
  const timer = options.timeoutMs === undefined ? null : setTimeout(() => void end('timeout'), options.timeoutMs)
  const onAbort = () => void end('abort')
  options.signal?.addEventListener('abort', onAbort, { once: true })
  try {
    if (options.signal?.aborted) await end('abort')
    stream.stdin?.end(options.stdin)
    const [stdout, stderr] = await Promise.all([
      collect(stream.stdout, options.maxBytes),
      collect(stream.stderr, options.maxBytes, options.onStderr),
    ])
    const exitCode = ended ? null : await stream.exitCode()
    if (ended === 'abort') throw cancelled(options.command)
    return {
      exitCode,
      stdout: stdout.text,
      stderr: stderr.text,
      timedOut: ended === 'timeout',
      truncated: stdout.truncated || stderr.truncated,
    }
  } finally {
    if (timer) clearTimeout(timer)
    options.signal?.removeEventListener('abort', onAbort)
  }
}

async function collect(
  stream: ExecStream['stdout'],
  maxBytes: number,
  onText?: (text: string) => void,
): Promise<{ text: string; truncated: boolean }> {
  const chunks: Buffer[] = []
  let kept = 0
  let truncated = false
  for await (const chunk of readUntilDestroyed(stream)) {
    onText?.(chunk.toString('utf8'))
    const part = chunk.subarray(0, maxBytes - kept)
    if (part.length < chunk.length) truncated = true
    if (part.length > 0) chunks.push(part)
    kept += part.length
  }
  return { text: Buffer.concat(chunks).toString('utf8'), truncated }
}

/** Ends, and does not throw, when the stream is cut off because the command was ended. */
async function* readUntilDestroyed(stream: Readable): AsyncGenerator<Buffer> {
  try {
    yield* stream as AsyncIterable<Buffer>
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error
  }
}

function cancelled(command: string[]): BerthError {
  const what = command[0] ?? 'the command'
  return new BerthError('CANCELLED', `${what} was cancelled.`, { what, next: 'Run it again when you want it.' })
}
