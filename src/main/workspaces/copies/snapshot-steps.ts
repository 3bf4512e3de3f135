import { z } from 'zod'
import { firstVersion } from '../../operations/first-version'
import type { OperationDefinition } from '../../operations/operation-definition'
import { snapshotRecordSchema } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'
import { removeLayers } from '../base/owned-resources'
import { workspaceInputSchema } from '../base/workspace-input'
import { snapshotLayer } from '../base/workspace-resources'
import { copyLayer, copyVolumes, diskSourceSchema, layerGone, snapshotTarget, undoCopy } from '../lifecycle/disk-copy'
import { addSnapshot, forgetSnapshot, removeSnapshot } from '../lifecycle/snapshots'

const snapshotCreateInputSchema = workspaceInputSchema.extend({ snapshot: snapshotRecordSchema, source: diskSourceSchema })
export type SnapshotCreateInput = z.infer<typeof snapshotCreateInputSchema>

const snapshotDeleteInputSchema = workspaceInputSchema.extend({ snapshotId: z.string() })
export type SnapshotDeleteInput = z.infer<typeof snapshotDeleteInputSchema>

/** A snapshot is listed when it is complete; until then it is not visible. */
export function snapshotCreateDefinition(services: LifecycleServices): OperationDefinition<SnapshotCreateInput> {
  return {
    kind: 'snapshot.create',
    version: 2,
    input: snapshotCreateInputSchema,
    older: [firstVersion('snapshot.create')],
    commitStep: null,
    cancellable: true,
    steps: [
      {
        name: 'layer',
        title: 'Save installed software',
        run: ({ input }) => copyLayer(services, input.source, snapshotLayer(input.snapshot.id)),
        undo: ({ snapshot }) => removeLayers(services.engine, snapshot),
      },
      {
        name: 'volumes',
        title: 'Save volumes',
        run: ({ input, ...control }) => copyVolumes(services, input.source, snapshotTarget(input.name, input.snapshot), control),
        undo: (input, context) => undoCopy(services, input.source, snapshotTarget(input.name, input.snapshot), context),
      },
      {
        name: 'record',
        title: 'Add the snapshot to the list',
        async run({ input }) {
          // Nothing keeps it from the engine's clean-up yet.
          if (!(await services.engine.images.inspect(snapshotLayer(input.snapshot.id)))) throw layerGone(input.name)
          await addSnapshot(services, input.snapshot)
        },
        undo: ({ snapshot }) => forgetSnapshot(services, snapshot.id),
      },
    ],
  }
}

export function snapshotDeleteDefinition(services: LifecycleServices): OperationDefinition<SnapshotDeleteInput> {
  return {
    kind: 'snapshot.delete',
    version: 2,
    input: snapshotDeleteInputSchema,
    older: [firstVersion('snapshot.delete')],
    commitStep: 'volumes',
    cancellable: false,
    steps: [
      {
        name: 'volumes',
        title: 'Remove snapshot',
        async run({ input }) {
          const snapshot = services.records.snapshots.get(input.snapshotId)
          if (snapshot) await removeSnapshot(services, snapshot)
        },
      },
    ],
  }
}
