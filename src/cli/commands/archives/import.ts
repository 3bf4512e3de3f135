import { resolve } from 'node:path'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { givenPlacement, type PlacementOptions } from '../../options/shared-options'
import { runAndPrint } from '../../workspace-operation'

export interface ImportOptions extends PlacementOptions {
  name?: string
  start: boolean
}

export async function importWorkspace(context: CliContext, file: string, { name, start, ...options }: ImportOptions): Promise<void> {
  const input = { file: resolve(file), start, ...(name === undefined ? {} : { name }), ...givenPlacement(options) }
  await withConnection(context, ({ client }) => runAndPrint(context, client, () => client.workspaces.import(input)))
}
