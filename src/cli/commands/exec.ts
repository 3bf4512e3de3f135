import { text } from 'node:stream/consumers'
import { type Connection, withConnection } from '../connection'
import type { CliContext } from '../context'
import { parseEnvironment } from '../environment-options'
import { EXIT } from '../exit-codes'
import { printJson } from '../output'
import { attach } from '../session'

export interface ExecOptions {
  user: 'workspace' | 'root'
  cwd?: string
  env: string[]
  /** Seconds. */
  timeout?: number
  /** Undefined when neither --stdin nor --no-stdin is given. */
  stdin?: boolean
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
    ...(options.stdin === true ? { stdin: await text(context.stdin()) } : {}),
    ...(options.timeout === undefined ? {} : { timeoutSeconds: options.timeout }),
  })
  printJson(context, { exitCode, stdout, stderr, timedOut, truncated })
  return timedOut ? EXIT.timedOut : (exitCode ?? EXIT.noCommandCode)
}

async function live(context: CliContext, connection: Connection, request: ExecRequest, options: ExecOptions): Promise<number> {
  const { client } = connection
  const session = await client.terminals.open({ ...request, tty: false, ephemeral: true })
  const socket = await connection.openStream(session.id)
  let endedBy: number | null = null
  const end = (exitCode: number) => {
    // An ephemeral session also ends with its connection: for a second interrupt, and where it cannot be closed.
    if (endedBy !== null) socket.terminate()
    else client.terminals.close({ sessionId: session.id }).catch(() => socket.terminate())
    endedBy ??= exitCode
  }
  const restore = [context.onSignal('SIGINT', () => end(EXIT.interrupted)), context.onSignal('SIGTERM', () => end(EXIT.terminated))]
  const timer = options.timeout === undefined ? undefined : setTimeout(() => end(EXIT.timedOut), options.timeout * 1000)
  try {
    const exitCode = await attach(socket, context, { input: options.stdin !== false })
    return endedBy ?? exitCode
  } catch (error) {
    if (endedBy !== null) return endedBy
    throw error
  } finally {
    clearTimeout(timer)
    for (const undo of restore) undo()
    if (endedBy === EXIT.timedOut) context.stderr.write(`The command was ended: it took longer than ${options.timeout} s.\n`)
  }
}
