import { withRunningBerth } from '../connection'
import type { CliContext } from '../context'

/** Names of workspaces for the shell's completion, one a line. Starts nothing: a Tab must not. */
export async function completeWorkspaces(context: CliContext): Promise<void> {
  const workspaces = await withRunningBerth(context, ({ client }) => client.workspaces.list())
  for (const { name } of workspaces ?? []) context.stdout.write(`${name}\n`)
}
