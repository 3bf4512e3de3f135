import { usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { terminalSize, withRawTerminal } from '../../output/terminal'
import { attach } from '../../session'

/** Leaves the alternate screen, mouse and paste modes and colours that a program had on when its connection broke. */
const RESET_MODES =
  '\u001b[?1049l\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l\u001b[?2004l\u001b[?1l\u001b>\u001b[?25h\u001b[0m\r\n'

export interface ShellOptions {
  user: string
  cwd?: string
  start?: boolean
  outside?: boolean
}

/** A login shell on this terminal; its exit code. The terminal is as before after it, whatever happens. */
export async function openShell(context: CliContext, name: string, options: ShellOptions): Promise<number> {
  const { stdout } = context
  const stdin = context.stdin()
  if (context.options.json) throw usageError('A shell has no result to print as JSON.', `Use “berth exec ${name} --json -- COMMAND”.`)
  if (stdin.isTTY !== true || stdout.isTTY !== true || stdin.setRawMode === undefined) {
    throw usageError('A shell needs a terminal.', `Use “berth exec ${name} -- COMMAND” in scripts.`)
  }
  return withConnection(context, async (connection) => {
    const session = await connection.client.terminals.open({
      workspace: name,
      user: options.user,
      tty: true,
      ephemeral: true,
      ...(options.start === true ? { start: true } : {}),
      ...(options.outside === true ? { outside: true } : {}),
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...terminalSize(stdout),
    })
    const socket = await connection.openStream(session.id)
    const undoTerminate = context.onSignal('SIGTERM', () => socket.terminate())
    try {
      return await withRawTerminal(context, () => attach(socket, context, { input: true, size: () => terminalSize(stdout) }))
    } catch (error) {
      stdout.write(RESET_MODES)
      throw error
    } finally {
      undoTerminate()
    }
  })
}
