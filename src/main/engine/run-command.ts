import type { Readable, Writable } from 'node:stream'
import { BerthError } from '../../shared/errors'
import { log } from '../log'
import { createEnding, isCutOff } from './command-ending'
import type { Exec, ExecOptions } from './exec'
import { startTracked, type TrackedExec } from './tracked-exec'

export interface RunOptions {
  containerId: string
  /** Program and arguments, run without a shell. */
  command: string[]
  user: string
  /** It must exist. Left out: `preferredCwd`, or the nearest folder above that exists; without one, the user's home. */
  cwd?: string | undefined
  preferredCwd?: string | null | undefined
  environment?: ExecOptions['environment']
  /** What is iterated is asked for as fast as the command takes it; when that throws, so does the call. */
  stdin?: string | Uint8Array | AsyncIterable<Uint8Array> | undefined
  timeoutMs?: number | undefined
  signal?: AbortSignal | undefined
  /** Default: a new one. Set it if leftovers must be found later (`endMarked`). */
  marker?: string | undefined
}

interface CollectOptions extends RunOptions {
  /** Bytes kept of each of stdout and stderr. */
  maxBytes: number
  /** Each piece of stderr as it comes; for progress. */
  onStderr?: ((text: string) => void) | undefined
}

export interface StreamedResult {
  /** null when the timeout ended it. */
  exitCode: number | null
  timedOut: boolean
}

export interface CollectedBytes extends StreamedResult {
  stdout: Buffer
  stderr: Buffer
  truncated: boolean
}

export interface RunResult extends StreamedResult {
  stdout: string
  stderr: string
  truncated: boolean
}

/**
 * Runs a command in a container to its end and reads its output as text. On timeout or abort, it and everything it started are ended.
 * Throws CANCELLED when aborted, EXEC_FAILED if the program, folder or user does not exist, ENGINE_REFUSED if the container is not running.
 */
export async function runCommand(exec: Exec, options: CollectOptions): Promise<RunResult> {
  const { stdout, stderr, ...rest } = await collectCommand(exec, options)
  return { ...rest, stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8') }
}

/** As `runCommand`, with the bytes as they came. */
export async function collectCommand(exec: Exec, options: CollectOptions): Promise<CollectedBytes> {
  const kept = { stdout: createKeeper(options.maxBytes), stderr: createKeeper(options.maxBytes) }
  const result = await streamCommand(exec, options, (stream, chunk) => {
    if (stream === 'stderr') options.onStderr?.(chunk.toString('utf8'))
    kept[stream].add(chunk)
  })
  const [stdout, stderr] = [kept.stdout.bytes(), kept.stderr.bytes()]
  return { ...result, stdout, stderr, truncated: kept.stdout.truncated() || kept.stderr.truncated() }
}

/** As `runCommand`, handing on each piece of output as it comes. While `onOutput` has not resolved, the command waits. */
export async function streamCommand(
  exec: Exec,
  options: RunOptions,
  onOutput: (stream: 'stdout' | 'stderr', chunk: Buffer) => void | Promise<void>,
  onStarted: () => void | Promise<void> = () => undefined,
): Promise<StreamedResult> {
  const command = await startTracked(exec, {
    containerId: options.containerId,
    command: options.command,
    user: options.user,
    cwd: options.cwd,
    preferredCwd: options.preferredCwd ?? null,
    env: options.environment,
    tty: false,
    stdin: options.stdin !== undefined,
    detached: 'included',
    marker: options.marker,
  })
  const ending = createEnding(command, options)
  try {
    const inputFailed = writeInput(command, options.stdin)
    await onStarted()
    await Promise.race([
      Promise.all([read(command.stdout, (chunk) => onOutput('stdout', chunk)), read(command.stderr, (chunk) => onOutput('stderr', chunk))]),
      ending.failed,
      inputFailed,
    ])
    const why = await ending.settled()
    if (why === 'abort') throw cancelled(options.command)
    return why === 'timeout' ? { exitCode: null, timedOut: true } : { exitCode: await command.exitCode(), timedOut: false }
  } catch (error) {
    command.destroy()
    throw error
  } finally {
    ending.forget()
  }
}

/** Rejects with what the source of the input throws, and never resolves. */
function writeInput({ stdin }: TrackedExec, input: RunOptions['stdin']): Promise<never> {
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => undefined)
  if (!stdin) return failure.promise
  // A command that ends without reading its input is no failure.
  stdin.on('error', (error) => log.debug({ err: error }, 'a command did not accept its input'))
  if (input === undefined || typeof input === 'string' || input instanceof Uint8Array) stdin.end(input)
  else pour(stdin, input).catch(failure.reject)
  return failure.promise
}

async function pour(stdin: Writable, source: AsyncIterable<Uint8Array>): Promise<void> {
  const closed = new Promise<void>((resolve) => stdin.once('close', resolve))
  for await (const chunk of source) {
    if (stdin.destroyed) return
    if (!stdin.write(chunk)) await Promise.race([new Promise<void>((resolve) => stdin.once('drain', resolve)), closed])
  }
  stdin.end()
}

/** Ends, and does not throw, when the stream is cut off because the command was ended. */
async function read(stream: Readable, onChunk: (chunk: Buffer) => void | Promise<void>): Promise<void> {
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) await onChunk(chunk)
  } catch (error) {
    if (!isCutOff(error)) throw error
  }
}

function createKeeper(maxBytes: number) {
  const chunks: Buffer[] = []
  let kept = 0
  let truncated = false
  return {
    add(chunk: Buffer) {
      const part = chunk.subarray(0, maxBytes - kept)
      if (part.length < chunk.length) truncated = true
      if (part.length > 0) chunks.push(part)
      kept += part.length
    },
    bytes: () => Buffer.concat(chunks),
    truncated: () => truncated,
  }
}

function cancelled(command: string[]): BerthError {
  const what = command[0] ?? 'the command'
  return new BerthError('CANCELLED', `${what} was cancelled.`, { what, next: 'Run it again if you still need it.' })
}
