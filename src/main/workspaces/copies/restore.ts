import { z } from 'zod'
import type { OperationDefinition, UndoContext } from '../../operations/operation-definition'
import { type SnapshotRecord, snapshotRecordSchema } from '../../settings/records'
import { keepLayer } from '../base/layer'
import type { LifecycleServices } from '../base/lifecycle-services'
import { containerGone, formerContainer } from '../base/own-containers'
import { previousName, snapshotLayer } from '../base/workspace-resources'
import { scriptStepsIf, versionsWithoutScripts } from '../lifecycle/script-steps'
import { addSnapshot, dropSurplusSnapshots } from '../lifecycle/snapshots'
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
        title: 'Save the current state',
        run: ({ input, ...context }) => finish(services, input, context),
      },
      ...scriptStepsIf(services, ({ wasRunning }: RestoreInput) => wasRunning),
    ],
  }
}

async function finish(services: LifecycleServices, input: RestoreInput, context: UndoContext): Promise<void> {
  const { records, now } = services
  const { keepAs } = input
  await records.patch(input.id, { restoredAt: now().toISOString() })
  // Before its container goes: from then on only the snapshot tells what the volumes are.
  if (keepAs && !records.snapshots.get(keepAs.id)) await keepStateBefore(services, keepAs, input, context)
  await dropPreviousContainer(services, input, context)
  if (!keepAs) return dropPlace(services, input.id, input.previous)
  await dropSurplusSnapshots(services, input.id)
}

async function keepStateBefore(
  services: LifecycleServices,
  snapshot: SnapshotRecord,
  input: RestoreInput,
  context: UndoContext,
): Promise<void> {
  const { engine } = services
  const layer = snapshotLayer(snapshot.id)
  if (input.imageBefore !== null) await engine.images.tag(input.imageBefore, layer)
  const former = await formerContainer(engine, context, input)
  if (former) await keepLayer(engine, former.id, layer)
  if (!(await engine.images.inspect(layer))) throw containerGone(previousName(input.name))
  await addSnapshot(services, snapshot)
}
