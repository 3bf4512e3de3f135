import { z } from 'zod'
import { firstVersion } from '../../operations/first-version'
import type { OperationDefinition } from '../../operations/operation-definition'
import type { LifecycleServices } from '../base/lifecycle-services'
import { allContainersOf, knowContainer, ownContainer, renameContainer } from '../base/own-containers'
import { type WorkspaceInput, workspaceInputSchema } from '../base/workspace-input'

import { containerName } from '../base/workspace-resources'

const renameInputSchema = workspaceInputSchema.extend({ newName: z.string() })
export type RenameInput = z.infer<typeof renameInputSchema>

/** Container and record get the new name; volumes, port and snapshots keep theirs. The workspace can be running. */
export function renameDefinition(services: LifecycleServices): OperationDefinition<RenameInput> {
  const { engine, records, registry } = services
  const called = async (owner: Pick<WorkspaceInput, 'id'>, name: string) =>
    (await allContainersOf(engine, owner)).find((container) => container.name === containerName(name))
  const renameOwn = async (owner: Pick<WorkspaceInput, 'id' | 'name'>, name: string) => {
    // An earlier attempt may have given it the new name, which may look like that of a stand-in for the old one.
    const container = (await ownContainer(engine, owner)) ?? (await called(owner, name))
    if (!container) return
    await renameContainer(engine, container.id, containerName(name))
    // Its name in between may have been one of a stand-in's, by which it was not known at the last connection.
    await knowContainer(services, owner, container.id)
  }
  const patch = async ({ id, newName }: RenameInput) => {
    await records.patch(id, { name: newName })
    registry.publish(id)
  }
  return {
    kind: 'workspace.rename',
    version: 2,
    input: renameInputSchema,
    older: [
      {
        ...firstVersion('workspace.rename'),
        retired: [
          {
            name: 'rename',
            title: 'Rename',
            async run({ input }) {
              await renameOwn(input, input.newName)
              await patch(input)
            },
          },
        ],
      },
    ],
    commitStep: 'record',
    cancellable: false,
    steps: [
      {
        name: 'container',
        title: 'Rename container',
        run: ({ input }) => renameOwn(input, input.newName),
        // By its new name: what was not renamed keeps its own, whatever blocks the other.
        async undo({ id, name, newName }) {
          const renamed = await called({ id }, newName)
          if (!renamed) return
          await renameContainer(engine, renamed.id, containerName(name))
          await knowContainer(services, { id }, renamed.id)
        },
      },
      { name: 'record', title: 'Take the new name', atomic: true, run: ({ input }) => patch(input) },
    ],
  }
}
