import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperation } from '../../operations'
import { printWorkspace } from '../../output/print-workspace'

export interface CloneOptions {
  stop?: boolean
  start: boolean
}

export async function cloneWorkspace(context: CliContext, source: string, name: string, options: CloneOptions): Promise<void> {
  await withConnection(context, async ({ client }) => {
    let id = name
    await runOperation(context, client, async () => {
      const input = { workspace: source, name, stop: options.stop === true, start: options.start }
      const { operation, workspace } = await client.workspaces.clone(input)
      id = workspace.id
      return operation
    })
    printWorkspace(context, await client.workspaces.get({ workspace: id }))
  })
}
