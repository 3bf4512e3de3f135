import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperation } from '../../operations'
import { printWorkspace } from '../../output/print-workspace'
import { type CreationOptions, creationInput } from './creation-input'

/** `start` and `create`: they differ in what they make of a name that is taken. */
export async function startWorkspace(
  context: CliContext,
  procedure: 'start' | 'create',
  name: string,
  options: CreationOptions & { recreate?: boolean },
): Promise<void> {
  const input = await creationInput(name, options, context)
  await withConnection(context, async ({ client }) => {
    let id = name
    await runOperation(context, client, async () => {
      const { operation, workspace } =
        procedure === 'create'
          ? await client.workspaces.create(input)
          : await client.workspaces.start({ ...input, ...(options.recreate ? { recreate: true } : {}) })
      id = workspace.id
      return operation
    })
    printWorkspace(context, await client.workspaces.get({ workspace: id }))
  })
}
