import { resolve } from 'node:path'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runAndPrint } from '../../workspace-operation'

export interface ImportOptions {
  name?: string
  start: boolean
}

export async function importWorkspace(context: CliContext, file: string, { name, start }: ImportOptions): Promise<void> {
  const input = { file: resolve(file), start, ...(name === undefined ? {} : { name }) }
  await withConnection(context, ({ client }) => runAndPrint(context, client, () => client.workspaces.import(input)))
}
