import { z } from 'zod'
import { firstVersion } from '../../operations/first-version'
import type { OperationDefinition } from '../../operations/operation-definition'
import type { LifecycleServices } from '../base/lifecycle-services'
import { ownContainer } from '../base/owned-resources'
import { workspaceInputSchema } from '../base/workspace-input'

import { containerName } from '../base/workspace-resources'

const renameInputSchema = workspaceInputSchema.extend({ newName: z.string() })
export type RenameInput = z.infer<typeof renameInputSchema>

/** Container and record get the new name; volumes, port and snapshots keep theirs. It may run meanwhile. */
export function renameDefinition({ engine, records, registry }: LifecycleServices): OperationDefinition<RenameInput> {
  return {
    kind: 'workspace.rename',
    version: 2,
    input: renameInputSchema,
    older: [firstVersion('workspace.rename')],
    commitStep: 'rename',
    cancellable: false,
    steps: [
      {
        name: 'rename',
        title: 'Rename',
        async run({ input: { id, name, newName } }) {
          const container = await ownContainer(engine, { id, name }, containerName(name))
          const renamed = await ownContainer(engine, { id, name }, containerName(newName))
          if (container && !renamed) await engine.containers.rename(container.id, containerName(newName))
          await records.patch(id, { name: newName })
          registry.publish(id)
        },
      },
    ],
  }
}
