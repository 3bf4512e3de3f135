import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runAndPrint } from '../../workspace-operation'
import { type CreationOptions, creationInput } from './creation-input'

/** `start` and `create`: they differ in what they make of a name that is taken. */
export async function startWorkspace(
  context: CliContext,
  procedure: 'start' | 'create',
  name: string,
  options: CreationOptions & { recreate?: boolean },
): Promise<void> {
  const input = await creationInput(name, options, context)
  await withConnection(context, ({ client }) =>
    runAndPrint(context, client, () =>
      procedure === 'create'
        ? client.workspaces.create(input)
        : client.workspaces.start({ ...input, ...(options.recreate ? { recreate: true } : {}) }),
    ),
  )
}
