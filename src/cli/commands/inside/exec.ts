import { buffer } from 'node:stream/consumers'
import { formatBytes } from '../../../shared/byte-size'
import { type Connection, withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { EXIT } from '../../exit-codes'
import { parseEnvironment } from '../../options/environment-options'
import { printJson } from '../../output/output'
import { terminalSize, withRawTerminal } from '../../output/terminal'
import { attach } from '../../session'

export interface ExecOptions {
  user: string
  cwd?: string
  env: string[]
  /** Seconds. */
  timeout?: number
  /** Undefined when neither --stdin nor --no-stdin is given. */
  stdin?: boolean
  tty?: boolean
  start?: boolean
  outside?: boolean
  /** Bytes of each of stdout and stderr. */
  maxOutput?: number
}

/** Exits with the command's code: what Berth itself fails at is made 125 by the caller. */
export async function execCommand(context: CliContext, name: string, command: string[], options: ExecOptions): Promise<number> {
  const env = parseEnvironment(options.env, context.env)
  const request = {
    workspace: name,
    command,
    user: options.user,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env.length === 0 ? {} : { env }),
    ...(options.start === true ? { start: true } : {}),
    ...(options.outside === true ? { outside: true } : {}),
  }
  return withConnection(context, (connection) =>
    context.options.json ? collect(context, connection, request, options) : live(context, connection, request, options),
  )
}

type ExecRequest = Omit<Parameters<Connection['client']['workspaces']['exec']>[0], 'stdin' | 'timeoutSeconds'>

/** One document at the end. Input is read only when asked for: a script's own is often open and never ends. */
async function collect(context: CliContext, { client }: Connection, request: ExecRequest, options: ExecOptions): Promise<number> {
  const { exitCode, stdout, stderr, timedOut, truncated } = await client.workspaces.exec({
    ...request,
    // As bytes, so that what is no text comes through the input unchanged.
    ...(options.stdin === true ? { stdin: (await buffer(context.stdin())).toString('base64') } : {}),
    encoding: 'base64',
    ...(options.timeout === undefined ? {} : { timeoutSeconds: options.timeout }),
    ...(options.maxOutput === undefined ? {} : { maxOutputBytes: options.maxOutput }),
  })
  const text = (encoded: string) => Buffer.from(encoded, 'base64').toString('utf8')
  printJson(context, { exitCode, stdout: text(stdout), stderr: text(stderr), timedOut, truncated })
  return timedOut ? EXIT.timedOut : (exitCode ?? EXIT.noCommandCode)
}

async function live(context: CliContext, connection: Connection, request: ExecRequest, options: ExecOptions): Promise<number> {
  const { client } = connection
  const tty = options.tty === true
  const session = await client.terminals.open({ ...request, tty, ephemeral: true, ...(tty ? terminalSize(context.stdout) : {}) })
  const socket = await connection.openStream(session.id)
  const limit = createOutputLimit(options.maxOutput ?? Number.POSITIVE_INFINITY)
  let endedBy: number | null = null
  let signals = 0
  const end = (exitCode: number) => {
    // An ephemeral session also ends with its connection: for a further signal, and where it cannot be closed.
    if (endedBy !== null) socket.terminate()
    else client.terminals.close({ sessionId: session.id }).catch(() => socket.terminate())
    endedBy ??= exitCode
  }
  /** The first is the command's to deal with; whoever sends another wants it to end. */
  const passOn = (signal: 'INT' | 'TERM', exitCode: number) => {
    if (signals++ > 0) end(exitCode)
    else client.terminals.signal({ sessionId: session.id, signal }).catch(() => end(exitCode))
  }
  const restore = [
    context.onSignal('SIGINT', () => passOn('INT', EXIT.interrupted)),
    context.onSignal('SIGTERM', () => passOn('TERM', EXIT.terminated)),
  ]
  const timer = options.timeout === undefined ? undefined : setTimeout(() => end(EXIT.timedOut), options.timeout * 1000)
  const run = () =>
    attach(socket, context, {
      input: options.stdin !== false,
      keep: limit.keep,
      ...(tty ? { size: () => terminalSize(context.stdout) } : {}),
    })
  try {
    const exitCode = await (tty ? withRawTerminal(context, run) : run())
    return endedBy ?? exitCode
  } catch (error) {
    if (endedBy !== null) return endedBy
    throw error
  } finally {
    clearTimeout(timer)
    for (const undo of restore) undo()
    const left = limit.leftOut()
    if (left > 0)
      context.stderr.write(`\n[Output cut after ${formatBytes(options.maxOutput ?? 0)}; ${formatBytes(left)} more were left out.]\n`)
    if (endedBy === EXIT.timedOut) context.stderr.write(`The command was ended: it took longer than ${options.timeout} s.\n`)
  }
}

/** Keeps the first bytes of each stream. */
function createOutputLimit(maxBytes: number) {
  const taken = { stdout: 0, stderr: 0 }
  let leftOut = 0
  return {
    keep(stream: 'stdout' | 'stderr', bytes: Uint8Array): Uint8Array {
      const part = bytes.subarray(0, Math.max(0, maxBytes - taken[stream]))
      taken[stream] += part.length
      leftOut += bytes.length - part.length
      return part
    },
    leftOut: () => leftOut,
  }
}
