import type { OperationDefinition } from '../../operations/operation-definition'
import type { LifecycleServices } from '../base/lifecycle-services'
import { scriptStepsIf, versionsWithoutScripts } from '../lifecycle/script-steps'
import { startStepIf } from '../lifecycle/start-steps'
import { type DiskChangeInput, diskChangeInputSchema, diskChangeSteps, dropPlace, dropPreviousContainer } from './disk-change'

/**
 * A workspace's volumes come under the other driver, as copies with other names. It stands still for the copy, and is started again
 * whatever happens. Until it has started on the copies all is taken back; from `finish` on the volumes before are dropped.
 */
export function storageMigrationDefinition(services: LifecycleServices): OperationDefinition<DiskChangeInput> {
  const change = diskChangeSteps(services)
  return {
    kind: 'workspace.move',
    version: 3,
    input: diskChangeInputSchema,
    older: versionsWithoutScripts('workspace.move'),
    commitStep: 'finish',
    cancellable: true,
    steps: [
      change.check(({ source, next }, signal) =>
        services.freeSpace.assertFits(Object.values(source.volumes), source.storage, next.storage, signal),
      ),
      change.stop,
      change.layer,
      change.volumes,
      change.replacement,
      change.switch,
      startStepIf(services, ({ wasRunning }) => wasRunning),
      {
        name: 'finish',
        title: 'Remove the old volumes',
        async run({ input, ...context }) {
          await dropPreviousContainer(services, input, context)
          await dropPlace(services, input.id, input.previous)
        },
      },
      ...scriptStepsIf(services, ({ wasRunning }: DiskChangeInput) => wasRunning),
    ],
  }
}
