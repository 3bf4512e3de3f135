import type { BerthClient } from '../../../shared/contract/contract'
import type { CompletedKind } from '../../completion/completed-names'
import { withRunningBerth } from '../../connection/connection'
import type { CliContext } from '../../context'

/** Names for the shell's completion, one a line. Starts nothing: a Tab must not. */
export async function completeNames(context: CliContext, kind: CompletedKind, workspace: string | undefined): Promise<void> {
  const names = await withRunningBerth(context, ({ client }) => namesOf(client, kind, workspace))
  for (const name of names ?? []) context.stdout.write(`${name}\n`)
}

async function namesOf(client: BerthClient, kind: CompletedKind, workspace: string | undefined): Promise<string[]> {
  switch (kind) {
    case 'workspace':
      return (await client.workspaces.list()).map(({ name }) => name)
    case 'location':
      return (await client.workspaces.list()).map(({ name }) => `${name}:`)
    case 'template':
      return (await client.workspaces.list()).filter(({ template }) => template).map(({ name }) => name)
    case 'snapshot':
      return workspace === undefined ? [] : (await client.snapshots.list({ workspace })).map(({ name }) => name)
    default:
      return kind satisfies never
  }
}
