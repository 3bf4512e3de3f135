import { z } from 'zod'
import type { OperationDefinition, UndoContext } from '../../operations/operation-definition'
import { snapshotRecordSchema } from '../../settings/records'
import { keepLayer } from '../base/layer'
import type { LifecycleServices } from '../base/lifecycle-services'
import { containerGone } from '../base/own-containers'
import { previousName, snapshotLayer } from '../base/workspace-resources'
import { scriptStepsIf, versionsWithoutScripts } from '../lifecycle/script-steps'
import { addSnapshot, removeSnapshot } from '../lifecycle/snapshots'
import { startStepIf } from '../lifecycle/start-steps'
import { diskChangeInputSchema, diskChangeSteps, dropPlace, dropPreviousContainer } from './disk-change'

const restoreInputSchema = diskChangeInputSchema.extend({
  /** What the state before is kept as; null to drop it. */
  keepAs: snapshotRecordSchema.nullable(),
  /** What the workspace would have begun with when it had no container: the layer of the state before. */
  imageBefore: z.string().nullable().default(null),
})
export type RestoreInput = z.infer<typeof restoreInputSchema>

/**
 * The restored state is made beside the one there is, and takes its place in one step. Until it has started, all is
 * taken back on any failure or crash; from `finish` on the state before is kept as a snapshot, or dropped.
 */
export function restoreDefinition(services: LifecycleServices): OperationDefinition<RestoreInput> {
  const change = diskChangeSteps(services)
  return {
    kind: 'snapshot.restore',
    version: 3,
    input: restoreInputSchema,
    older: versionsWithoutScripts('snapshot.restore'),
    commitStep: 'finish',
    cancellable: true,
    steps: [
      change.check(({ next, wasRunning }, signal) => (wasRunning ? services.freeSpace.assertForStart(next.storage, signal) : null)),
      change.volumes,
      change.layer,
      change.stop,
      change.replacement,
      change.switch,
      startStepIf(services, ({ wasRunning }) => wasRunning),
      {
        name: 'finish',
        title: 'Keep the state before',
        run: ({ input, ...context }) => finish(services, input, context),
      },
      ...scriptStepsIf(services, ({ wasRunning }: RestoreInput) => wasRunning),
    ],
  }
}

async function finish(services: LifecycleServices, input: RestoreInput, context: UndoContext): Promise<void> {
  const { engine, records, now } = services
  const { keepAs } = input
  await records.patch(input.id, { restoredAt: now().toISOString() })
  // It is kept by the snapshot's own name before the workspace's other layers go.
  if (keepAs && input.imageBefore !== null) await engine.images.tag(input.imageBefore, snapshotLayer(keepAs.id))
  await dropPreviousContainer(services, input, context, async (containerId) => {
    if (keepAs) await keepLayer(engine, containerId, snapshotLayer(keepAs.id))
  })
  if (keepAs && !(await engine.images.inspect(snapshotLayer(keepAs.id)))) throw containerGone(previousName(input.name))
  if (!keepAs) return dropPlace(services, input.id, input.previous)
  await addSnapshot(services, keepAs)
  await dropSurplus(services, input.id)
}

/** Automatic snapshots beyond the number of the settings, oldest first. */
async function dropSurplus(services: LifecycleServices, workspaceId: string): Promise<void> {
  const automatic = services.records.snapshots.list(workspaceId).filter((snapshot) => snapshot.automatic)
  const surplus = automatic.length - services.settings().automaticSnapshotsKept
  for (const snapshot of automatic.slice(0, Math.max(0, surplus))) await removeSnapshot(services, snapshot)
}
