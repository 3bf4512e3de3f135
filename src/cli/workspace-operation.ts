import type { BerthClient } from '../shared/contract/contract'
import type { Operation } from '../shared/operation'
import type { CliContext } from './context'
import { runOperation } from './operations'
import { printWorkspace } from './output/print-workspace'

/** Runs an operation to its end, whose failure is thrown, and prints the workspace that it was about as it is then. */
export async function runAndPrint(context: CliContext, client: BerthClient, begin: () => Promise<{ operation: Operation }>): Promise<void> {
  const { workspaceId } = await runOperation(context, client, async () => (await begin()).operation)
  printWorkspace(context, await client.workspaces.get({ workspace: workspaceId ?? '' }))
}
