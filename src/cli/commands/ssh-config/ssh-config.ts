import type { SshConfigStatus } from '../../../shared/contract/ssh-config'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { printJson, printLines } from '../../output/output'

export async function installSshConfig(context: CliContext): Promise<void> {
  await withConnection(context, async ({ client }) => printStatus(context, await client.sshConfig.install()))
}

export async function uninstallSshConfig(context: CliContext): Promise<void> {
  await withConnection(context, async ({ client }) => printStatus(context, await client.sshConfig.uninstall()))
}

export async function showSshConfig(context: CliContext): Promise<void> {
  await withConnection(context, async ({ client }) => printStatus(context, await client.sshConfig.status()))
}

export async function printSshConfig(context: CliContext): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const { text } = await client.sshConfig.print()
    if (context.options.json) printJson(context, { text })
    else printLines(context, text.trimEnd().split('\n'))
  })
}

function printStatus(context: CliContext, status: SshConfigStatus): void {
  const { installed, userFile, line, obstacle } = status
  if (context.options.json) return printJson(context, status)
  if (obstacle !== null) return printLines(context, [obstacle])
  if (installed) return printLines(context, [`“ssh NAME.berth” works: ${userFile} has the line`, `  ${line}`])
  printLines(context, [
    `“ssh NAME.berth” does not work yet: “berth ssh-config install” puts one line at the top of ${userFile}`,
    `  ${line}`,
  ])
}
