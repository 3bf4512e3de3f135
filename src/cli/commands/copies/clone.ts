import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { givenPlacement, type PlacementOptions } from '../../options/shared-options'
import { runAndPrint } from '../../workspace-operation'

export interface CloneOptions extends PlacementOptions {
  stop?: boolean
  start: boolean
}

export async function cloneWorkspace(context: CliContext, source: string, name: string, options: CloneOptions): Promise<void> {
  const input = { workspace: source, name, stop: options.stop === true, start: options.start, ...givenPlacement(options) }
  await withConnection(context, ({ client }) => runAndPrint(context, client, () => client.workspaces.clone(input)))
}
