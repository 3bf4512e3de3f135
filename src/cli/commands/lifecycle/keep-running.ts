import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { printWorkspace } from '../../output/print-workspace'

export async function keepRunning(context: CliContext, reference: string): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const workspace = await client.workspaces.keepRunning({ workspace: reference })
    printWorkspace(context, workspace, `${workspace.name} keeps running`)
  })
}
