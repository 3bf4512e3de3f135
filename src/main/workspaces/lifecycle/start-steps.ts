import { BerthError, isBerthError, toProblem } from '../../../shared/errors'
import type { Step, StepContext } from '../../operations/operation-definition'
import type { PortReservation } from '../../ports/port-allocator'
import { containerFiles } from '../../provisioning/container-files'
import { cloneRepo } from '../../provisioning/repo'
import type { WorkspaceRecord } from '../../settings/records'
import { keepLayer } from '../base/layer'
import type { LifecycleServices } from '../base/lifecycle-services'
import { ensureVolume, keptLayer, ownContainer, removeLayers, removeOwnContainer } from '../base/owned-resources'
import type { WorkspaceInput } from '../base/workspace-input'
import {
  containerName,
  containerSpec,
  identityVariables,
  layerRepository,
  recordFromContainer,
  replacementName,
} from '../base/workspace-resources'
import { applyDiskLimit } from '../usage/disk-limit'
import { waitUntilReady } from './readiness'

/** The step of `startSteps` from which on nothing is taken back. */
export const SWITCH_STEP = 'switch'

/**
 * From a stopped workspace to a running one. When another program has taken its port meanwhile, the container is made anew
 * on another port, with the same volumes and with what was installed in its own layer.
 */
export function startSteps(services: LifecycleServices): Step<WorkspaceInput>[] {
  const { engine, records, ports, registry } = services
  // Only of this process: after a crash an operation that has not switched yet is taken back.
  const moves = new Map<string, PortReservation>()

  return [
    {
      name: 'port',
      title: 'Check SSH port',
      async run({ input }) {
        const record = recordOf(services, input)
        const container = await ownContainer(engine, input, containerName(record.name))
        if (container?.running) return
        if (record.sshPort !== null && (await ports.canBind(record.sshPort))) return
        moves.set(input.id, await ports.reserve())
      },
      async undo({ id }) {
        moves.get(id)?.release()
        moves.delete(id)
      },
    },
    {
      name: 'replacement',
      title: 'Move to a free port',
      async run(context) {
        const { id } = context.input
        const move = moves.get(id)
        const record = recordOf(services, context.input)
        const container = await ownContainer(engine, record, containerName(record.name))
        if (!move) return context.skip('Its port is free.')
        if (!container) return context.skip('It has no container that would have to be recreated.')
        const layer = `${layerRepository(id)}:${move.port}`
        await keepLayer(engine, container.id, layer)
        await removeOwnContainer(engine, record, replacementName(record.name))
        const made = { name: replacementName(record.name), image: layer, sshPort: move.port, owner: services.installationId }
        await engine.containers.create(containerSpec(record, services.settings(), made))
      },
      async undo({ id, name }) {
        await removeOwnContainer(engine, { id }, replacementName(name))
        const container = await engine.containers.inspect(containerName(name))
        await removeLayers(engine, { id }, container?.image)
      },
    },
    {
      name: SWITCH_STEP,
      title: 'Switch to it',
      async run(context) {
        const record = recordOf(services, context.input)
        const replacement = await ownContainer(engine, record, replacementName(record.name))
        const move = moves.get(record.id)
        if (replacement) {
          const newPort = recordFromContainer(replacement)?.sshPort ?? null
          if (newPort === null) throw new Error(`the replacement of ${record.name} has no port on its label`)
          await removeOwnContainer(engine, record, containerName(record.name))
          await records.patch(record.id, { sshPort: newPort })
          await engine.containers.rename(replacement.id, containerName(record.name))
          registry.setContainer(record.id, replacement.id)
          await removeLayers(engine, record, replacement.image)
          context.notice(movedNotice(record.sshPort, newPort))
        } else if (move) {
          await records.patch(record.id, { sshPort: move.port })
          context.notice(movedNotice(record.sshPort, move.port))
        }
        move?.release()
        moves.delete(record.id)
        if (!replacement && !move) context.skip('Its port is free.')
      },
    },
    {
      name: 'container',
      title: 'Create container',
      followUp: true,
      run: (context) => ensureContainer(services, context),
    },
    startStep(services),
    repoStep(services),
  ]
}

/** Creates the container and what it needs, where it is not there: it may have been removed by hand. */
async function ensureContainer(
  services: LifecycleServices,
  { input, signal, notice, progress, detail, skip }: StepContext<WorkspaceInput>,
): Promise<void> {
  const { engine, registry, images } = services
  const record = recordOf(services, input)
  const name = containerName(record.name)
  const existing = await ownContainer(engine, record, name)
  if (existing) {
    registry.setContainer(record.id, existing.id)
    return skip('It is there.')
  }
  const { volumes } = record
  const madeHome = await ensureVolume(services, record, volumes.home, 'home')
  const madeDocker = await ensureVolume(services, record, volumes.docker, 'docker')
  if (madeHome || madeDocker) await applyDiskLimit(services, record, volumes)
  if (madeHome) notice(`Its home volume ${volumes.home} was gone from the engine; it begins with an empty one.`)
  const layer = await keptLayer(engine, record)
  if (layer !== null) return createContainer(services, record, layer)
  const { reference } = await images.ensure(record.image, {
    signal,
    onProgress(made, text) {
      progress(made)
      detail(text)
    },
  })
  await createContainer(services, record, reference)
}

/** Creates the workspace's container from that image; nothing if it is there. */
export async function createContainer(services: LifecycleServices, record: WorkspaceRecord, image: string): Promise<void> {
  const { engine, registry, settings } = services
  const name = containerName(record.name)
  const existing = await ownContainer(engine, record, name)
  if (record.sshPort === null) throw new Error(`${record.name} has no port although one was reserved`)
  const made = { name, image, sshPort: record.sshPort, owner: services.installationId }
  // The engine fills an empty volume with what the image has there: the disk may be full here first.
  const create = () => explained(services, record, () => engine.containers.create(containerSpec(record, settings(), made)))
  const id = existing?.id ?? (await create())
  registry.setContainer(record.id, id)
}

/** Which disk is full is told by what the workspace is kept by. */
export async function explained<Result>(
  { freeSpace }: Pick<LifecycleServices, 'freeSpace'>,
  { storage }: Pick<WorkspaceRecord, 'storage'>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw await freeSpace.explain(error, storage)
  }
}

/** Starts the container and waits until it says that it is ready. */
export function startStep(services: LifecycleServices): Step<WorkspaceInput> {
  const { engine, records, registry } = services
  return {
    name: 'start',
    title: 'Start',
    followUp: true,
    async run({ input, signal, detail, skip }) {
      const record = recordOf(services, input)
      const container = registry.containerOf(record.id)
      if (!container) throw new Error(`${record.name} has no container although one was created`)
      if (container.running && container.ready) return skip('It is running.')
      const { containerId } = container
      try {
        await engine.containers.putFiles(containerId, await filesFor(services, record))
        await engine.containers.start(containerId)
        await explained(services, record, () => waitUntilReady(engine, { name: record.name, containerId }, { signal, onLine: detail }))
        await services.pinHostKeys(record.id, containerId)
      } catch (error) {
        if (isBerthError(error) && !isBerthError(error, 'CANCELLED')) await records.patch(record.id, { problem: toProblem(error) })
        throw error
      }
      const time = services.now().toISOString()
      await records.patch(record.id, { startedAt: time, lastUsedAt: time, problem: null })
      registry.markReady(record.id, containerId)
    },
  }
}

/** `startStep` for an operation that starts its workspace only if it is wanted. */
export function startStepIf<Input extends WorkspaceInput>(services: LifecycleServices, isWanted: (input: Input) => boolean): Step<Input> {
  const step = startStep(services)
  return {
    ...step,
    async run(context) {
      if (isWanted(context.input)) await step.run(context)
      else context.skip('It is to stay as it is: stopped.')
    },
  }
}

/** Clones the repo where it is not there yet. A failure leaves the workspace running, with what went wrong on it. */
export function repoStep(services: LifecycleServices): Step<WorkspaceInput> {
  const { engine, records, registry } = services
  return {
    name: 'repo',
    title: 'Clone repository',
    followUp: true,
    async run({ input, signal, progress, detail, skip }) {
      const record = recordOf(services, input)
      const container = registry.containerOf(record.id)
      if (record.repo === null) return skip('It has no repository.')
      if (!container) throw new Error(`${record.name} has no container although it was started`)
      try {
        await cloneRepo({
          engine,
          containerId: container.containerId,
          workspaceName: record.name,
          url: record.repo,
          signal,
          onProgress(made, line) {
            if (made) progress(made)
            detail(line)
          },
        })
      } catch (error) {
        if (isBerthError(error)) await records.patch(record.id, { repoState: 'failed', problem: toProblem(error) })
        throw error
      }
      await records.patch(record.id, { repoState: 'cloned', problem: null })
    },
  }
}

async function filesFor(services: LifecycleServices, record: WorkspaceRecord) {
  const environment = { ...services.settings().env, ...record.env, ...identityVariables(record) }
  return containerFiles({ authorizedKeys: await services.authorizedKeys(), environment })
}

/** Throws WORKSPACE_NOT_FOUND when it was deleted meanwhile. */
export function recordOf(services: LifecycleServices, input: WorkspaceInput): WorkspaceRecord {
  const record = services.records.get(input.id)
  if (record) return record
  throw new BerthError('WORKSPACE_NOT_FOUND', `There is no workspace “${input.name}” any more.`, {
    workspace: input.name,
    next: 'Create it again.',
  })
}

function movedNotice(oldPort: number | null, newPort: number): string {
  return oldPort === null ? `Its SSH port is ${newPort}.` : `Port ${oldPort} is taken by another program; its SSH port is now ${newPort}.`
}
