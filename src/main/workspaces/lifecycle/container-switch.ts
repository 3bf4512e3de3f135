import type { Step, UndoContext } from '../../operations/operation-definition'
import type { WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'
import { containerGone, formerContainer, knowContainer, madeContainer, ownContainer, renameContainer } from '../base/own-containers'
import type { WorkspaceInput } from '../base/workspace-input'
import { containerName, previousName } from '../base/workspace-resources'
import { startAgain } from './start-container'
import { recordOf } from './start-steps'

type StoppableInput = WorkspaceInput & { wasRunning: boolean }

/** Stops a workspace whose container is about to be replaced. What starts it again after a failure is the undo of an earlier step, `startFormerAgain`. */
export function stopBeforeSwitchStep({ stops, registry }: LifecycleServices): Step<StoppableInput> {
  return {
    name: 'stop',
    title: 'Stop',
    async run({ input, skip, detail }) {
      const container = registry.containerOf(input.id)
      if (!input.wasRunning) return skip('It is not running.')
      if (!container) throw containerGone(containerName(input.name))
      await stops.stop({ containerId: container.containerId, workspaceId: input.id }, { onWaiting: detail })
      registry.markStopped(input.id)
    },
  }
}

/** For the undo of the first step: a workspace that ran does so again, once everything else is as it was. */
export async function startFormerAgain(services: LifecycleServices, input: StoppableInput, { notice }: UndoContext): Promise<void> {
  if (input.wasRunning) await startAgain(services, input.id, await ownContainer(services.engine, input), notice)
}

type RecordFields = Partial<Omit<WorkspaceRecord, 'id'>>

interface SwitchOptions<Input> {
  /** What the record has once the new container is in place. */
  after(input: Input): RecordFields
  /** What it had before. */
  before(input: Input): RecordFields
  /** Finds the container that a Berth 0.1.0 made, which did not label it by its operation. */
  madeByFirstVersion?(input: Input): Promise<{ id: string } | null>
}

/**
 * Replaces the workspace's own container with the one this operation has created, by renaming the two. The old one is kept under another
 * name, until `dropFormerContainer`.
 */
export function switchStep<Input extends WorkspaceInput>(services: LifecycleServices, options: SwitchOptions<Input>): Step<Input> {
  const { engine, records, registry } = services
  return {
    name: 'switch',
    title: 'Switch over',
    async run({ input, ...context }) {
      const record = recordOf(services, input)
      const replacement = await madeContainer(engine, context, record)
      if (!replacement) throw containerGone(containerName(record.name))
      const former = await ownContainer(engine, record)
      if (former) {
        await context.remember('former', former.id)
        await renameContainer(engine, former.id, previousName(record.name))
      }
      await renameContainer(engine, replacement.id, containerName(record.name))
      await records.patch(record.id, { ...options.after(input), keptLayer: null })
      registry.setContainer(record.id, replacement.id)
    },
    async undo(input, context) {
      // It may already have the workspace's name.
      const replacement = (await madeContainer(engine, context, input)) ?? (await options.madeByFirstVersion?.(input))
      if (replacement) await engine.containers.remove(replacement.id)
      const former = (await formerContainer(engine, context, input)) ?? (await ownContainer(engine, input))
      if (former) await renameContainer(engine, former.id, containerName(input.name))
      await records.patch(input.id, { ...options.before(input), problem: null })
      if (former) await knowContainer(services, input, former.id)
      else registry.setContainer(input.id, null)
    },
  }
}

/** Removes the container that stood in the workspace's place before the operation. */
export async function dropFormerContainer({ engine }: LifecycleServices, input: WorkspaceInput, context: UndoContext): Promise<void> {
  const former = await formerContainer(engine, context, input)
  if (former) await engine.containers.remove(former.id)
}
