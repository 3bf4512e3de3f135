import { resolve } from 'node:path'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperation } from '../../operations'
import { printWorkspace } from '../../output/print-workspace'

export interface ImportOptions {
  name?: string
  start: boolean
}

export async function importWorkspace(context: CliContext, file: string, { name, start }: ImportOptions): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const { workspaceId } = await runOperation(context, client, async () => {
      const { operation } = await client.workspaces.import({ file: resolve(file), start, ...(name === undefined ? {} : { name }) })
      return operation
    })
    printWorkspace(context, await client.workspaces.get({ workspace: workspaceId ?? '' }))
  })
}
