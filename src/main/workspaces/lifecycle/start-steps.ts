import { BerthError, isBerthError, toProblem } from '../../../shared/errors'
import { minuteText } from '../../../shared/minute-text'
import type { NestedEngine } from '../../../shared/nested-engine'
import { nestedEngineRemarks } from '../../../shared/nested-engine-remarks'
import { isRepoProblem } from '../../../shared/repo-problem'
import type { Step, StepContext, UndoContext } from '../../operations/operation-definition'
import type { PortReservation } from '../../ports/port-allocator'
import type { WorkspaceRecord } from '../../settings/records'
import { keepLayer } from '../base/layer'
import { chooseLayer, describeLayer, type LayerChoice } from '../base/layer-choice'
import type { LifecycleServices } from '../base/lifecycle-services'
import { containerGone, madeContainer, ownContainer, removeMadeContainer, renameContainer } from '../base/own-containers'
import { ensureVolume, removeLayers } from '../base/owned-resources'
import type { WorkspaceInput } from '../base/workspace-input'
import { containerName, layerRepository, sshPortOf } from '../base/workspace-resources'
import { renewDiskLimit } from '../usage/disk-limit'
import { assertWhole } from './assert-whole'
import { cloneRepos } from './clone-repos'
import { hasInitScript, postStartPaths } from './configured-scripts'
import { createContainer, createReplacement, explained } from './create-container'
import { offerDevcontainer } from './devcontainer-look'
import { assertStillRuns, type Ready, waitUntilReady } from './readiness'
import type { ScriptServices } from './script-runner'
import { startContainer } from './start-container'
import { syncAfterStart } from './sync'

/** Kept by a start when scripts are to run after it. */
const STARTED = 'started'

/** Whether this operation has started the workspace, and not found it running. For a workspace with post-start scripts. */
export const wasStartedHere = ({ recall }: Pick<UndoContext, 'recall'>): boolean => recall(STARTED) !== null

/** The step of `startSteps` from which on nothing is taken back. */
export const SWITCH_STEP = 'switch'

/**
 * From a stopped workspace to a running one. If another program has taken its port, the container is recreated with another port, the same
 * volumes and its own layer.
 */
export function startSteps(services: LifecycleServices): Step<WorkspaceInput & { recreate?: boolean }>[] {
  const { engine, records, ports, registry } = services
  // Only of this process: after a crash an operation that has not switched yet is taken back.
  const moves = new Map<string, PortReservation>()

  return [
    {
      name: 'port',
      title: 'Check SSH port',
      async run({ input, remember }) {
        const record = recordOf(services, input)
        const container = await ownContainer(engine, record)
        if (container?.running) return
        if (!container && !input.recreate) await assertWhole(services, record)
        if (record.sshPort !== null && (await ports.canBind(record.sshPort, engine))) return
        const reservation = await ports.reserve()
        moves.set(input.id, reservation)
        await remember('port', String(reservation.port))
      },
      async undo({ id }) {
        moves.get(id)?.release()
        moves.delete(id)
      },
    },
    {
      name: 'replacement',
      title: 'Choose a free port',
      async run(context) {
        const { id } = context.input
        const move = moves.get(id)
        if (!move) return context.skip('The port is free.')
        const record = recordOf(services, context.input)
        const container = await ownContainer(engine, record)
        if (!container) return context.skip('It has no container to recreate.')
        const layer = layerOfMove(id, move.port)
        await context.remember('former', container.id)
        await keepLayer(engine, container.id, layer)
        await createReplacement(services, record, { image: layer, sshPort: move.port }, context)
      },
      async undo(input, context) {
        await removeMadeContainer(engine, context, input)
        const port = context.recall('port')
        if (port === null) return
        // No other layer: a kept one may be all that is left of the installed software.
        const layer = layerOfMove(input.id, port)
        const container = await ownContainer(engine, input)
        if (container?.image !== layer) await engine.images.remove(layer)
      },
    },
    {
      name: SWITCH_STEP,
      title: 'Switch to the new port',
      async run(context) {
        const record = recordOf(services, context.input)
        const replacement = await madeContainer(engine, context, record)
        const former = context.recall('former')
        const newPort = Number(context.recall('port')) || (replacement && sshPortOf(replacement))
        if (!newPort) return context.skip('The port is free.')
        if (replacement) {
          const before = former ?? (await ownContainer(engine, record))?.id ?? null
          if (before !== null && before !== replacement.id) await engine.containers.remove(before)
          await renameContainer(engine, replacement.id, containerName(record.name))
          registry.setContainer(record.id, replacement.id)
        } else if (former !== null) {
          throw containerGone(containerName(record.name))
        }
        if (record.sshPort !== newPort) context.notice(movedNotice(record.sshPort, newPort))
        await records.patch(record.id, { sshPort: newPort })
        if (replacement) await removeLayers(engine, record, replacement.image)
        moves.get(record.id)?.release()
        moves.delete(record.id)
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

/** Name of the image that carries the container's layer over to another port. */
const layerOfMove = (id: string, port: number | string): string => `${layerRepository(id)}:${port}`

/** Creates the container and its resources if they do not exist and the user wants them recreated. */
async function ensureContainer(services: LifecycleServices, context: StepContext<WorkspaceInput>): Promise<void> {
  const { input, signal, notice, progress, detail, skip } = context
  const { engine, registry, images } = services
  const record = recordOf(services, input)
  const name = containerName(record.name)
  const existing = await ownContainer(engine, record)
  if (existing) {
    if (existing.name !== name) {
      await renameContainer(engine, existing.id, name)
      notice(`Its container was renamed from ${existing.name} back to ${name}.`)
    }
    registry.setContainer(record.id, existing.id)
    return skip('It already exists.')
  }
  const { volumes } = record
  const madeHome = await ensureVolume(services, record, volumes.home, 'home', context)
  const madeDocker = await ensureVolume(services, record, volumes.docker, 'docker', context)
  // Also when they were made by a try that was cut off.
  await renewDiskLimit(services, record, volumes)
  if (madeHome) notice(`Its home volume ${volumes.home} no longer existed on the engine. It starts with an empty one.`)
  if (madeDocker) notice(`Its Docker volume ${volumes.docker} no longer existed on the engine. It starts with an empty one.`)
  const layer = await chooseLayer(services, record)
  notice(recreatedFrom(layer))
  // What its init script did outside the home folder is gone.
  if (layer === null && hasInitScript(services, record)) await services.records.patch(record.id, { init: { status: 'pending' } })
  if (layer !== null) return createContainer(services, record, await ownName(services, record, layer, context), context)
  const { reference } = await images.ensure(record, {
    signal,
    onProgress(made, text) {
      progress(made)
      detail(text)
    },
  })
  await createContainer(services, record, reference, context)
}

/** A container holds the image it is made from: under its snapshot's name alone it would keep the snapshot from being deleted. */
async function ownName(
  { engine }: LifecycleServices,
  { id }: WorkspaceRecord,
  { reference, snapshot }: LayerChoice,
  { operationId }: StepContext<WorkspaceInput>,
): Promise<string> {
  if (snapshot === null) return reference
  const own = `${layerRepository(id)}:recreated-${operationId}`
  await engine.images.tag(reference, own)
  return own
}

function recreatedFrom(layer: LayerChoice | null): string {
  const begin = 'Its container was removed outside Berth'
  if (layer === null) return `${begin}. It was recreated from its image, without software installed outside the home folder.`
  if (layer.isWhole)
    return `${begin}. It was recreated from its layer as it was when it stopped (kept at ${minuteText(layer.at)}). Nothing is lost.`
  return `${begin}. It was recreated from ${describeLayer(layer)} of ${minuteText(layer.at)}. Software installed outside the home folder since then is lost.`
}

/** Starts the container and waits until it says that it is ready. */
export function startStep(services: LifecycleServices): Step<WorkspaceInput> {
  const { engine, records, registry } = services
  return {
    name: 'start',
    title: 'Start',
    followUp: true,
    async run(context) {
      const { input, signal, notice, skip, remember } = context
      const record = recordOf(services, input)
      const container = registry.containerOf(record.id)
      if (!container) throw containerGone(containerName(record.name))
      if (container.running && container.ready) {
        // A try before this one may have failed for want of an answer only. Scripts are for the step that runs them.
        if (record.problem?.code !== 'POST_START_FAILED') await forgetProblem(services, record.id)
        await syncAfterStart(services, record, container.containerId, context)
        return skip('It is running.')
      }
      if (postStartPaths(services, record).length > 0) await remember(STARTED, 'yes')
      const { containerId } = container
      let ready: Ready
      try {
        await claimRoom(services, record, containerId, notice)
        const keys = await startContainer(services, record, containerId, notice)
        // Later events are newer.
        if (registry.containerOf(record.id) === container) registry.markRunning(record.id, containerId)
        const handOver = services.handOvers.forWatch(record, containerId, keys)
        ready = await explained(services, record, () => waitUntilReady(engine, { name: record.name, containerId }, { signal, handOver }))
        registry.markReady(record.id, containerId)
        if (ready.hostKeys === null) await services.pinHostKeys(record.id, containerId)
      } catch (error) {
        if (isBerthError(error) && !isBerthError(error, 'CANCELLED')) await records.patch(record.id, { problem: toProblem(error) })
        throw error
      }
      const time = services.now().toISOString()
      const { hostKeys, nestedEngine } = ready
      tellOfNestedEngine(record, nestedEngine, notice)
      const noted = { nestedEngine, ...(hostKeys?.length ? { hostKeys } : {}) }
      await records.patch(record.id, { startedAt: time, lastUsedAt: time, problem: null, ...noted })
      registry.publish(record.id)
      // It may have been stopped or removed in the meantime.
      if (!registry.isRunning(containerId)) await assertStillRuns(engine, { name: record.name, containerId }, signal)
      // Before the repository is cloned, which may need these files.
      await syncAfterStart(services, record, containerId, context)
    },
  }
}

/** Once: its view reports it too. */
function tellOfNestedEngine(record: WorkspaceRecord, nestedEngine: NestedEngine | null, notice: (text: string) => void): void {
  const known = nestedEngineRemarks(record.nestedEngine)
  for (const remark of nestedEngineRemarks(nestedEngine)) if (!known.includes(remark)) notice(remark)
}

/** What holds the room is of Berth's own image where there is one: one of the workspace's layers is to be removed some day. */
async function claimRoom(
  { engine, images, reservations }: LifecycleServices,
  record: WorkspaceRecord,
  containerId: string,
  notice: (text: string) => void,
): Promise<void> {
  if (!record.placement) return
  // One that is gone is refused by the start.
  const container = await engine.containers.inspect(containerId)
  const { imageId } = await images.resolve(null)
  if (container) await reservations.claim(record, imageId ?? container.imageId, notice)
}

/** What went wrong with a start or stop is over. A repository that could not be cloned still is not there. */
export async function forgetProblem({ records }: Pick<ScriptServices, 'records'>, id: string): Promise<void> {
  const problem = records.get(id)?.problem
  if (problem && !isRepoProblem(problem.code)) await records.patch(id, { problem: null })
}

/** `startStep` for an operation that starts its workspace only if it is wanted. */
export function startStepIf<Input extends WorkspaceInput>(services: LifecycleServices, isWanted: (input: Input) => boolean): Step<Input> {
  return stepIf(startStep(services), isWanted)
}

/** A step of an operation that starts its workspace only if it is wanted. */
export function stepIf<Input extends WorkspaceInput>(step: Step<WorkspaceInput>, isWanted: (input: Input) => boolean): Step<Input> {
  return {
    ...step,
    async run(context) {
      if (isWanted(context.input)) await step.run(context)
      else context.skip('The workspace stays stopped.')
    },
  }
}

/** Clones the repositories that are not there yet. A failure leaves the workspace running, with what went wrong on it. */
export function repoStep(services: LifecycleServices): Step<WorkspaceInput> {
  return {
    name: 'repo',
    title: 'Clone repository',
    followUp: true,
    async run(context) {
      const record = recordOf(services, context.input)
      if (record.repo === null && record.furtherRepos.length === 0) return context.skip('It has no repository.')
      await cloneRepos(services, record, context)
      await offerDevcontainer(services, record, context)
    },
  }
}

/** Throws WORKSPACE_NOT_FOUND when it was deleted meanwhile. */
export function recordOf<Found>(services: { records: { get(id: string): Found | null } }, input: WorkspaceInput): Found {
  const record = services.records.get(input.id)
  if (record) return record
  throw new BerthError('WORKSPACE_NOT_FOUND', `The workspace “${input.name}” no longer exists.`, {
    workspace: input.name,
    next: 'Create it again.',
  })
}

function movedNotice(oldPort: number | null, newPort: number): string {
  return oldPort === null ? `Its SSH port is ${newPort}.` : `Another program uses port ${oldPort}, so its SSH port is now ${newPort}.`
}
