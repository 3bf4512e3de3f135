import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { sshHostOf } from '../../../shared/ssh-host'
import { CliError, usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import { isNodeError } from '../../connection/door'
import type { CliContext } from '../../context'
import { runAndPrint } from '../../workspace-operation'

export interface SshOptions {
  /** Also when it is stopped. */
  start?: boolean
}

/** Runs this machine's ssh with Berth's config on this terminal; its exit code. Throws SSH_NOT_FOUND where there is none. */
export async function openSsh(context: CliContext, reference: string, command: readonly string[], options: SshOptions): Promise<number> {
  if (context.options.json) throw usageError('ssh has no result to print as JSON.', `Use “berth exec ${reference} --json -- COMMAND”.`)
  const parameters = await withConnection(context, async ({ client }) => {
    let workspace = await client.workspaces.get({ workspace: reference })
    if (workspace.host !== null) {
      throw usageError(`${workspace.name} is a folder of this machine, which needs no ssh.`, `Use “berth shell ${workspace.name}”.`)
    }
    if (!workspace.running && options.start === true) {
      const quiet: CliContext = { ...context, stdout: context.stderr }
      await runAndPrint(quiet, client, () => client.workspaces.start({ name: workspace.name }))
      workspace = await client.workspaces.get({ workspace: workspace.id })
    }
    if (!workspace.running || workspace.ports.ssh === null) {
      throw new CliError('WORKSPACE_NOT_RUNNING', `${workspace.name} is ${workspace.status}.`, {
        next: `Start it first, or add --start: berth ssh --start ${workspace.name}`,
        data: { workspace: workspace.name, status: workspace.status },
      })
    }
    const { sshConfigPath } = await client.system.info()
    return ['-F', sshConfigPath, sshHostOf(workspace.name), ...(command.length === 0 ? [] : ['--', ...command])]
  })
  return runOnTerminal(context, 'ssh', parameters)
}

/** With this process's own streams, so that ssh finds the terminal as if it were called itself. A Ctrl-C there is its own to deal with. */
async function runOnTerminal(context: CliContext, program: string, parameters: readonly string[]): Promise<number> {
  const child = spawn(program, parameters, { env: context.env, stdio: 'inherit' })
  const restore = [context.onSignal('SIGINT', () => {}), context.onSignal('SIGTERM', () => child.kill('SIGTERM'))]
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (error) => reject(isNodeError(error) && error.code === 'ENOENT' ? noSsh(error) : error))
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
    })
  } finally {
    for (const undo of restore) undo()
  }
}

function noSsh(cause: Error): CliError {
  return new CliError('SSH_NOT_FOUND', 'This machine has no ssh command.', {
    next: 'Install an OpenSSH client, or use “berth shell NAME”.',
    cause,
  })
}
