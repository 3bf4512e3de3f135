import { z } from 'zod'
import type { OperationDefinition, Step, UndoContext } from '../../operations/operation-definition'
import { type SnapshotRecord, snapshotRecordSchema, workspaceRecordSchema } from '../../settings/records'
import { keepLayer } from '../base/layer'
import type { LifecycleServices } from '../base/lifecycle-services'
import { formerContainer, ownContainer, removeMadeContainer } from '../base/own-containers'
import { removeLayers } from '../base/owned-resources'
import { workspaceInputSchema } from '../base/workspace-input'
import { snapshotLayer } from '../base/workspace-resources'
import { dropFormerContainer, startFormerAgain, stopBeforeSwitchStep, switchStep } from '../lifecycle/container-switch'
import { createReplacement } from '../lifecycle/create-container'
import { copyLayer, copyVolumes, diskSourceSchema, layerGone, snapshotTarget, undoCopy } from '../lifecycle/disk-copy'
import { scriptStepsIf } from '../lifecycle/script-steps'
import { addSnapshot, dropSurplusSnapshots } from '../lifecycle/snapshots'
import { recordOf, startStep } from '../lifecycle/start-steps'
import { packageListSchema } from './package-list'
import { reinstallStep } from './reinstall'

/** The image that was asked for, as records have it. */
const choiceSchema = workspaceRecordSchema.pick({ image: true, distro: true })

const rebuildInputSchema = workspaceInputSchema.extend({
  next: choiceSchema,
  /** As it was; an init script that has run has its effects in the container that goes. */
  previous: choiceSchema.extend({ init: workspaceRecordSchema.shape.init }),
  init: workspaceRecordSchema.shape.init,
  wasRunning: z.boolean(),
  /** Taken before, unless it is not wanted. */
  snapshot: z.object({ record: snapshotRecordSchema, source: diskSourceSchema }).nullable(),
  /** To be installed in the new container. */
  packages: packageListSchema.nullable(),
})
export type RebuildInput = z.infer<typeof rebuildInputSchema>

/** Kept by the first step: the reference that containers are made from. */
const IMAGE = 'image'

/** Host keys of the workspace's ssh server, and for which workspace they were made. */
const SSH_KEYS = { folder: '/etc/berth', path: '/etc/berth/ssh' }

/**
 * A new container from another image on the same volumes. The old container is kept until the new one has started. A stopped workspace is
 * also started, to see whether it works, and stopped again. Until `finish` everything can be undone.
 */
export function rebuildDefinition(services: LifecycleServices): OperationDefinition<RebuildInput> {
  return {
    kind: 'workspace.rebuild',
    version: 1,
    input: rebuildInputSchema,
    commitStep: 'finish',
    cancellable: true,
    steps: [
      imageStep(services),
      snapshotVolumesStep(services),
      stopBeforeSwitchStep(services),
      snapshotLayerStep(services),
      replacementStep(services),
      switchStep<RebuildInput>(services, {
        after: ({ next, init }) => ({ ...next, init }),
        before: ({ previous }) => previous,
      }),
      startStep(services),
      {
        name: 'finish',
        title: 'Remove the old container',
        run: ({ input, ...context }) => finish(services, input, context),
      },
      reinstallStep(services),
      ...scriptStepsIf(services, ({ wasRunning }: RebuildInput) => wasRunning),
      stopAgainStep(services),
    ],
  }
}

/** The first of them, and so the last that is taken back: the workspace starts again as it was. */
function imageStep(services: LifecycleServices): Step<RebuildInput> {
  return {
    name: 'image',
    title: 'Get the image',
    async run({ input, signal, progress, detail, remember }) {
      await services.freeSpace.assertForStart(recordOf(services, input).storage, signal)
      const { reference } = await services.images.renew(input.next, {
        signal,
        onProgress(made, text) {
          progress(made)
          detail(text)
        },
      })
      await remember(IMAGE, reference)
    },
    undo: (input, context) => startFormerAgain(services, input, context),
  }
}

/** While it runs: it stands still for a moment only. */
function snapshotVolumesStep(services: LifecycleServices): Step<RebuildInput> {
  return {
    name: 'snapshot-volumes',
    title: 'Snapshot: save volumes',
    async run({ input, skip, ...control }) {
      const { snapshot } = input
      if (snapshot === null) return skip('No snapshot was requested.')
      await copyVolumes(services, snapshot.source, snapshotTarget(input.name, snapshot.record), control)
    },
    async undo({ name, snapshot }, context) {
      if (snapshot) await undoCopy(services, snapshot.source, snapshotTarget(name, snapshot.record), context)
    },
  }
}

/** Once it stands still, so that nothing that was installed is missing. */
function snapshotLayerStep(services: LifecycleServices): Step<RebuildInput> {
  return {
    name: 'snapshot-layer',
    title: 'Snapshot: save installed software',
    async run({ input: { snapshot }, skip }) {
      if (snapshot === null) return skip('No snapshot was requested.')
      await copyLayer(services, snapshot.source, snapshotLayer(snapshot.record.id))
    },
    async undo({ snapshot }) {
      if (snapshot) await removeLayers(services.engine, snapshot.record)
    },
  }
}

function replacementStep(services: LifecycleServices): Step<RebuildInput> {
  const { engine } = services
  return {
    name: 'replacement',
    title: 'Create container',
    async run({ input, signal, ...context }) {
      const record = recordOf(services, input)
      const image = context.recall(IMAGE)
      if (record.sshPort === null || image === null) throw new Error(`${record.name} has no port or no image to be recreated with`)
      const former = await ownContainer(engine, record)
      const id = await createReplacement(services, { ...record, ...input.next }, { image, sshPort: record.sshPort }, context)
      if (former) await carrySshKeys(services, former.id, id, signal)
    },
    undo: (input, context) => removeMadeContainer(engine, context, input),
  }
}

/** The keys by which ssh clients know the workspace. An image without Berth's folder for them has no ssh server of Berth's. */
async function carrySshKeys({ engine }: LifecycleServices, from: string, to: string, signal: AbortSignal): Promise<void> {
  if ((await engine.containers.fileStatus(to, SSH_KEYS.folder))?.kind !== 'folder') return
  const keys = await engine.containers.readArchive(from, SSH_KEYS.path, signal)
  if (keys) await engine.containers.writeArchive(to, SSH_KEYS.folder, keys, signal)
}

async function finish(services: LifecycleServices, input: RebuildInput, context: UndoContext): Promise<void> {
  const { engine, records, now } = services
  const snapshot = input.snapshot?.record ?? null
  // What was kept before is of the former image.
  await records.patch(input.id, { restoredAt: now().toISOString() })
  if (snapshot && !records.snapshots.get(snapshot.id)) await recordSnapshot(services, snapshot, input, context)
  await dropFormerContainer(services, input, context)
  await removeLayers(engine, input, context.recall(IMAGE) ?? undefined)
  if (snapshot) await dropSurplusSnapshots(services, input.id)
}

/** Nothing protects its layer until it is recorded: a clean-up may have removed that, and the former container still has it. */
async function recordSnapshot(
  services: LifecycleServices,
  snapshot: SnapshotRecord,
  input: RebuildInput,
  context: UndoContext,
): Promise<void> {
  const { engine } = services
  const layer = snapshotLayer(snapshot.id)
  if (!(await engine.images.inspect(layer))) {
    const former = await formerContainer(engine, context, input)
    if (!former) throw layerGone(input.name)
    await keepLayer(engine, former.id, layer)
  }
  await addSnapshot(services, snapshot)
}

function stopAgainStep({ stops, registry }: LifecycleServices): Step<RebuildInput> {
  return {
    name: 'stop-again',
    title: 'Stop again',
    async run({ input, skip, detail }) {
      if (input.wasRunning) return skip('The workspace was running before.')
      const container = registry.containerOf(input.id)
      if (!container?.running) return skip('It is not running.')
      await stops.stop({ containerId: container.containerId, workspaceId: input.id }, { onWaiting: detail })
      registry.markStopped(input.id)
    },
  }
}
