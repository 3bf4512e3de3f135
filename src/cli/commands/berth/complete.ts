import type { BerthClient } from '../../../shared/contract/contract'
import type { EntryKind } from '../../../shared/library/entry-kinds'
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
      return templates(client)
    case 'any-template':
      return [...(await templates(client)), ...(await entries(client, 'template'))]
    case 'skill':
    case 'tool':
      return entries(client, kind)
    case 'entry':
      return (await client.library.index()).entries.map(({ id }) => id)
    case 'engine':
      return (await client.engines.list()).map(({ name }) => name)
    case 'swarm':
      return (await client.swarms.list()).map(({ name }) => name)
    case 'place':
      return [...(await client.engines.list()), ...(await client.swarms.list())].map(({ name }) => name)
    case 'snapshot':
      return workspace === undefined ? [] : (await client.snapshots.list({ workspace })).map(({ name }) => name)
    default:
      return kind satisfies never
  }
}

async function entries(client: BerthClient, kind: EntryKind): Promise<string[]> {
  return (await client.library.index()).entries.filter((entry) => entry.kind === kind).map(({ id }) => id)
}

async function templates(client: BerthClient): Promise<string[]> {
  return (await client.workspaces.list()).filter(({ template }) => template).map(({ name }) => name)
}
