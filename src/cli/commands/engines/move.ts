import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperation } from '../../operations'
import { givenPlacement, type PlacementOptions } from '../../options/shared-options'
import { printWorkspace } from '../../output/print-workspace'

export interface MoveToEngineOptions extends PlacementOptions {
  engine: string
  dropSnapshots?: boolean
}

/** Shows the progress, and prints the workspace when it is there. */
export async function moveToEngine(
  context: CliContext,
  name: string,
  { engine, dropSnapshots = false, ...options }: MoveToEngineOptions,
): Promise<void> {
  await withConnection(context, async ({ client }) => {
    await runOperation(
      context,
      client,
      async () => (await client.workspaces.relocate({ workspace: name, ...givenPlacement(options), engine, dropSnapshots })).operation,
    )
    const workspace = await client.workspaces.get({ workspace: name })
    printWorkspace(context, workspace, `${workspace.name} is on the engine ${workspace.engine}`)
  })
}
