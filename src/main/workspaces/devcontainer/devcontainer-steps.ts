import { z } from 'zod'
import { type DevcontainerForward, type DevcontainerRecord, EMPTY_DEVCONTAINER_RECORD, usedConfig } from '../../../shared/devcontainer'
import { BerthError, isBerthError, toProblem } from '../../../shared/errors'
import { inspectNested } from '../../engine/nested-exec'
import { endMarked, MARKER_VARIABLE } from '../../engine/process-tree'
import { runCommand } from '../../engine/run-command'
import type { OperationDefinition, StepContext } from '../../operations/operation-definition'
import type { UpOutcome } from '../../provisioning/devcontainer/cli-command'
import { installCli } from '../../provisioning/devcontainer/install-cli'
import type { WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'
import { containerIdOf } from '../base/own-containers'
import { type WorkspaceInput, workspaceInputSchema } from '../base/workspace-input'
import { lookForDevcontainer } from '../lifecycle/devcontainer-look'
import { recordOf } from '../lifecycle/start-steps'
import { handEnvironment } from './hand-environment'
import { runUp } from './run-up'

const SHORT_MS = 60_000
const MAX_OUTPUT_BYTES = 1024 * 1024

const devcontainerInputSchema = workspaceInputSchema.extend({
  /** Remove the dev container there is, and make it from its configuration as it is now. */
  rebuild: z.boolean(),
})
export type DevcontainerInput = z.infer<typeof devcontainerInputSchema>

/** Forwards of the workspace, as the ports room keeps them. */
export interface DevcontainerForwards {
  /** Brings those that Berth has made for the dev container in line; what the user has made stays. Returns those there are then. */
  replace(workspaceId: string, before: DevcontainerForward[], wanted: DevcontainerForward[]): Promise<DevcontainerForward[]>
}

/**
 * Brings the dev container of a running workspace up. Whatever becomes of it, the workspace itself stays usable: from its first step on it only
 * goes forward, and fails for the user's own reasons.
 */
export function devcontainerDefinition(
  services: LifecycleServices,
  forwards: DevcontainerForwards,
): OperationDefinition<DevcontainerInput> {
  return {
    kind: 'workspace.devcontainer',
    version: 1,
    input: devcontainerInputSchema,
    commitStep: 'tools',
    cancellable: true,
    steps: [
      {
        name: 'tools',
        title: 'Prepare the dev container CLI',
        followUp: true,
        run: (context) => keepingProblem(services, context, async (record) => void (await prepare(services, record, context))),
      },
      {
        name: 'build',
        title: 'Build and start the dev container',
        followUp: true,
        run: (context) => keepingProblem(services, context, (record) => build(services, record, context)),
      },
      {
        name: 'ports',
        title: 'Forward its ports',
        followUp: true,
        async run({ input, skip, recall }) {
          const state = recordOf(services, input).devcontainerState
          const wanted = forwardsSchema.parse(JSON.parse(recall(FORWARDS) ?? '[]'))
          if (!state || (state.forwards.length === 0 && wanted.length === 0)) return skip('The dev container forwards no ports.')
          const made = await forwards.replace(input.id, state.forwards, wanted)
          await patchState(services, input.id, () => ({ forwards: made }))
        },
      },
    ],
  }
}

const FORWARDS = 'forwards'
const forwardsSchema = z.array(z.object({ port: z.number().int().min(1).max(65535), container: z.string() }))

export type DevcontainerStopInput = WorkspaceInput

/** Stops the dev container; its files stay. */
export function devcontainerStopDefinition(
  services: LifecycleServices,
  forwards: DevcontainerForwards,
): OperationDefinition<DevcontainerStopInput> {
  return {
    kind: 'workspace.devcontainer-stop',
    version: 1,
    input: workspaceInputSchema,
    commitStep: 'stop',
    cancellable: false,
    steps: [
      {
        name: 'stop',
        title: 'Stop the dev container',
        followUp: true,
        async run({ input, skip }) {
          const record = recordOf(services, input)
          const state = record.devcontainerState
          if (!state) return skip('There is no dev container.')
          if (state.container) await stopContainers(services, record, state.container)
          await forwards.replace(input.id, state.forwards, [])
          await patchState(services, input.id, () => ({ isOpen: false, isRunning: false, forwards: [] }))
        },
      },
    ],
  }
}

type Context = StepContext<DevcontainerInput>

/** What goes wrong is kept with the dev container, not with the workspace, which is as it was. */
async function keepingProblem(
  services: LifecycleServices,
  { input }: Context,
  work: (record: WorkspaceRecord) => Promise<void>,
): Promise<void> {
  try {
    await work(recordOf(services, input))
  } catch (error) {
    // It continues automatically when the engine is back.
    if (!isBerthError(error) || isBerthError(error, 'ENGINE_UNREACHABLE')) throw error
    const problem = isBerthError(error, 'CANCELLED') ? null : toProblem(error)
    await patchState(services, input.id, () => ({ isOpen: false, problem }))
    throw error
  }
}

/** Returns program and first arguments of the CLI. Throws DEVCONTAINER_NOT_FOUND, and what `installCli` throws. */
async function prepare(services: LifecycleServices, record: WorkspaceRecord, { signal, detail }: Context): Promise<string[]> {
  const { engine, handOvers } = services
  const state = await lookForDevcontainer(services, record, { signal, isToBeBuilt: true })
  if (state === null || usedConfig(state) === null) throw notFound(record.name, null)
  return installCli(engine, {
    workspace: record.name,
    containerId: containerIdOf(services, record),
    environment: handOvers.environmentOf(record),
    signal,
    onStep: detail,
  })
}

async function build(services: LifecycleServices, record: WorkspaceRecord, context: Context): Promise<void> {
  const { engine } = services
  const { input, signal, operationId, remember, notice } = context
  const containerId = containerIdOf(services, record)
  const cli = await prepare(services, record, context)
  const state = records(services, record.id)
  const path = usedConfig(state)
  if (path === null) throw notFound(record.name, null)
  const marker = `devcontainer.${operationId}.`
  // Of a Berth that was ended in the middle of it.
  await endMarked(engine.exec, containerId, marker)
  await patchState(services, record.id, () => ({ isOpen: true, isRunning: false, problem: null }))
  try {
    const outcome = await runUp(services, record, context, {
      cli,
      request: { path, rebuild: input.rebuild, marker: { name: MARKER_VARIABLE, value: marker } },
    })
    const target = await describe(services, containerId, outcome, signal)
    await handEnvironment(services, record, { cli, path, notice, signal })
    await remember(FORWARDS, JSON.stringify(await wantedForwards(services, containerId, outcome, target.name)))
    const container = { ...target, path, digest: records(services, record.id).digest, builtAt: services.now().toISOString() }
    await patchState(services, record.id, ({ container: before }) => ({
      isRunning: true,
      problem: null,
      // One that was there has been started only.
      container:
        before?.id === container.id && before.path === path ? { ...container, digest: before.digest, builtAt: before.builtAt } : container,
    }))
  } catch (error) {
    await noteWhatIsLeft(services, record, containerId)
    throw error
  }
}

/** After a failure: the former dev container may be gone, or still run. */
async function noteWhatIsLeft(services: LifecycleServices, record: WorkspaceRecord, containerId: string): Promise<void> {
  const { container } = records(services, record.id)
  if (container === null) return
  try {
    const left = await inspectNested(services.engine, containerId, container.id)
    await patchState(services, record.id, () => ({ container: left && container, isRunning: left?.running === true }))
  } catch (error) {
    // The failure itself is told; the next look corrects this.
    if (!isBerthError(error)) throw error
  }
}

type Success = Extract<UpOutcome, { outcome: 'success' }>

async function describe(services: LifecycleServices, containerId: string, outcome: Success, signal: AbortSignal) {
  const { containerId: id, user, folder, project } = outcome
  const details = await inspectNested(services.engine, containerId, id, signal)
  return { id, name: details?.name || id.slice(0, 12), user, folder, project }
}

/** Services are found by the labels of docker compose. */
async function wantedForwards(
  { engine }: LifecycleServices,
  containerId: string,
  { forwards, project }: Success,
  name: string,
): Promise<DevcontainerForward[]> {
  const found: DevcontainerForward[] = []
  for (const { port, service } of forwards) {
    const container = service === null ? name : await serviceName(engine, containerId, project, service)
    if (container !== null && !found.some((other) => other.port === port && other.container === container)) found.push({ port, container })
  }
  return found
}

async function serviceName(
  engine: LifecycleServices['engine'],
  containerId: string,
  project: string | null,
  service: string,
): Promise<string | null> {
  if (project === null) return null
  const filters = [`label=com.docker.compose.project=${project}`, `label=com.docker.compose.service=${service}`]
  const { stdout } = await runCommand(engine.exec, {
    ...{ containerId, user: 'root', cwd: '/', maxBytes: 4096, timeoutMs: SHORT_MS },
    command: ['docker', 'ps', ...filters.flatMap((filter) => ['--filter', filter]), '--format', '{{.Names}}'],
  })
  const [name = ''] = stdout.split('\n')
  return name === '' ? null : name.slice(0, 255)
}

/** All of them, where it is one of several services. */
async function stopContainers(
  services: LifecycleServices,
  record: WorkspaceRecord,
  { id, path, project }: NonNullable<DevcontainerRecord['container']>,
): Promise<void> {
  const containerId = containerIdOf(services, record)
  const docker = (...args: string[]) =>
    runCommand(services.engine.exec, {
      ...{ containerId, user: 'root', cwd: '/', maxBytes: MAX_OUTPUT_BYTES, timeoutMs: SHORT_MS },
      command: ['docker', ...args],
    })
  const beside =
    project === null ? '' : (await docker('ps', '--quiet', '--no-trunc', '--filter', `label=com.docker.compose.project=${project}`)).stdout
  const ids = [...new Set([id, ...beside.split('\n').filter((line) => /^[0-9a-f]{12,64}$/.test(line))])]
  const { exitCode, stderr } = await docker('stop', ...ids)
  if (exitCode === 0 || (await inspectNested(services.engine, containerId, id))?.running !== true) return
  throw stopFailed(record.name, path, id, stderr.trim().split('\n'))
}

function records(services: LifecycleServices, id: string): DevcontainerRecord {
  return services.records.get(id)?.devcontainerState ?? EMPTY_DEVCONTAINER_RECORD
}

/** Changes what is noted of the dev container, and tells every door. */
export async function patchState(
  { records, registry }: Pick<LifecycleServices, 'records' | 'registry'>,
  id: string,
  change: (current: DevcontainerRecord) => Partial<DevcontainerRecord>,
): Promise<void> {
  await records.patch(id, ({ devcontainerState = EMPTY_DEVCONTAINER_RECORD }) => ({
    devcontainerState: { ...devcontainerState, ...change(devcontainerState) },
  }))
  registry.publish(id)
}

function stopFailed(workspace: string, path: string, containerId: string, log: string[]): BerthError {
  return new BerthError('DEVCONTAINER_FAILED', `The dev container of ${workspace} could not be stopped.`, {
    ...{ workspace, path, containerId, log },
    next: `Try again, or restart the workspace to stop it. “berth exec ${workspace} --outside -- docker ps” shows what is running.`,
  })
}

/** null for none at all. */
export function notFound(workspace: string, path: string | null): BerthError {
  const what = path === null ? 'has no devcontainer.json' : `has no dev container ${path}`
  return new BerthError('DEVCONTAINER_NOT_FOUND', `The repository of ${workspace} ${what}.`, {
    ...{ workspace, path },
    next:
      path === null
        ? 'Add .devcontainer/devcontainer.json to the repository, then try again.'
        : `“berth devcontainer status ${workspace}” lists the available ones.`,
  })
}
