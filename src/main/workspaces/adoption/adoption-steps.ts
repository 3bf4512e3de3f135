import { z } from 'zod'
import { REPO_PATH } from '../../../shared/repo-path'
import { repoUrlProblem, splitRepoUrl } from '../../../shared/repo-url'
import { runCommand } from '../../engine/run-command'
import type { OperationDefinition, Step, UndoContext } from '../../operations/operation-definition'
import type { PortReservation } from '../../ports/port-allocator'
import { ADOPTED_ENTRYPOINT } from '../../provisioning/runtime-files'
import { workspaceRecordSchema } from '../../settings/records'
import { keepLayer } from '../base/layer'
import type { LifecycleServices } from '../base/lifecycle-services'
import { containerGone, madeContainer, removeAllContainersOf, renameContainer } from '../base/own-containers'
import { removeLayers } from '../base/owned-resources'
import { workspaceInputSchema } from '../base/workspace-input'
import { containerName, previousName } from '../base/workspace-resources'
import { createReplacement } from '../lifecycle/create-container'
import { layerOf } from '../lifecycle/disk-copy'
import { scriptStepsIf, versionsWithoutScripts } from '../lifecycle/script-steps'
import { recordOf, startStepIf } from '../lifecycle/start-steps'

const adoptInputSchema = workspaceInputSchema.extend({
  /** As it is to be; its port is reserved by the first step. */
  record: workspaceRecordSchema,
  /** Its container as the other tool made it. */
  container: z.object({ id: z.string(), name: z.string(), wasRunning: z.boolean() }),
  /** Its image is not Berth's: it is given what Berth's has. */
  isForeign: z.boolean(),
  /** Its port until now; null when it had none that is fixed. */
  port: z.number().nullable(),
  start: z.boolean(),
})
export type AdoptInput = z.infer<typeof adoptInputSchema>

const LOOK_TIMEOUT_MS = 10_000
const MAX_OUTPUT_BYTES = 64 * 1024

/**
 * Labels of a container cannot be changed, and Perry's containers are privileged: so it is recreated from its own layer, on the same
 * volumes, like every workspace of Berth. The other tool's container is kept until the new one has started; until then everything can be
 * undone.
 */
export function adoptDefinition(services: LifecycleServices, onReserved: (workspaceId: string) => void): OperationDefinition<AdoptInput> {
  const { engine, registry, foreignWorkspaces } = services
  return {
    kind: 'workspace.adopt',
    version: 3,
    input: adoptInputSchema,
    older: versionsWithoutScripts('workspace.adopt'),
    commitStep: 'finish',
    cancellable: true,
    steps: [
      reserveStep(services, onReserved),
      stopStep(services),
      {
        name: 'layer',
        title: 'Save installed software',
        async run({ input }) {
          await keepLayer(engine, input.container.id, layerOf(input.id, 'adopted'))
        },
        undo: (input) => removeLayers(engine, input),
      },
      {
        name: 'replacement',
        title: 'Create container',
        run: ({ input, ...context }) => replace(services, input, context),
        undo: (input) => removeAllContainersOf(services, input),
      },
      switchStep(services),
      startStepIf(services, ({ start }) => start),
      repoStep(services),
      {
        name: 'finish',
        title: 'Remove the old container',
        async run({ input }) {
          // By its id: nothing else can have that. Its volumes are the workspace's.
          await engine.containers.remove(input.container.id)
          await foreignWorkspaces.refresh(input.container.id)
          registry.publish(input.id)
        },
      },
      ...scriptStepsIf(services, ({ start }: AdoptInput) => start),
    ],
  }
}

function reserveStep(services: LifecycleServices, onReserved: (workspaceId: string) => void): Step<AdoptInput> {
  const { engine, records, registry, ports, foreignWorkspaces } = services

  async function reserve({ port, container }: AdoptInput): Promise<PortReservation> {
    const claimed = port === null ? null : await ports.claim(port, engine, { isHeld: container.wasRunning })
    return claimed ?? (await ports.reserve())
  }

  return {
    name: 'reserve',
    title: 'Reserve name and port',
    async run({ input, notice }) {
      const reservation = await reserve(input)
      try {
        await records.put({ ...input.record, sshPort: reservation.port })
      } finally {
        reservation.release()
      }
      if (input.port === null) notice(`Its SSH port is ${reservation.port}.`)
      else if (input.port !== reservation.port) notice(`Port ${input.port} is in use, so its SSH port is now ${reservation.port}.`)
      registry.publish(input.id)
      await foreignWorkspaces.refresh(input.container.id)
      onReserved(input.id)
    },
    async undo({ id, container }) {
      await records.remove(id)
      registry.setContainer(id, null)
      await foreignWorkspaces.refresh(container.id)
    },
  }
}

function stopStep({ engine, stops }: LifecycleServices): Step<AdoptInput> {
  return {
    name: 'stop',
    title: 'Stop',
    async run({ input: { id, container }, skip, detail }) {
      if (!container.wasRunning) return skip('It is not running.')
      await stops.stop({ containerId: container.id, workspaceId: id }, { onWaiting: detail })
    },
    async undo({ container }) {
      if (container.wasRunning && (await engine.containers.inspect(container.id))) await engine.containers.start(container.id)
    },
  }
}

async function replace(services: LifecycleServices, input: AdoptInput, context: UndoContext): Promise<void> {
  const { engine } = services
  const record = recordOf(services, input)
  if (record.sshPort === null) throw new Error(`${record.name} has no port although one was reserved`)
  const made = { image: layerOf(record.id, 'adopted'), sshPort: record.sshPort }
  const id = await createReplacement(
    services,
    record,
    { ...made, ...(input.isForeign ? { entrypoint: [ADOPTED_ENTRYPOINT] } : {}) },
    context,
  )
  if (input.isForeign) await engine.containers.putFiles(id, await services.runtimeFiles([ADOPTED_ENTRYPOINT]))
}

/** The other tool's container gives its name to the new one. */
function switchStep(services: LifecycleServices): Step<AdoptInput> {
  const { engine, registry } = services
  return {
    name: 'switch',
    title: 'Switch over',
    async run({ input, ...context }) {
      const { id, name, container } = input
      const replacement = await madeContainer(engine, context, input)
      if (!replacement) throw containerGone(containerName(name))
      await renameContainer(engine, container.id, previousName(name))
      await renameContainer(engine, replacement.id, containerName(name))
      registry.setContainer(id, replacement.id)
    },
    async undo({ id, container }) {
      // All that carries the new workspace's id is of this operation.
      await removeAllContainersOf(services, { id })
      if (await engine.containers.inspect(container.id)) await renameContainer(engine, container.id, container.name)
    },
  }
}

/** Whether there is a repository where Berth has its own, and of what: Perry clones to the same folder. */
function repoStep(services: LifecycleServices): Step<AdoptInput> {
  const { engine, records, registry } = services
  return {
    name: 'repo',
    title: 'Look for a repository',
    async run({ input, signal, skip }) {
      const record = recordOf(services, input)
      const container = registry.containerOf(record.id)
      if (record.repo !== null) return skip('Its repository is known.')
      if (!container?.running) return skip('It is not running.')
      const { exitCode, stdout } = await runCommand(engine.exec, {
        containerId: container.containerId,
        user: 'workspace',
        command: ['/bin/sh', '-c', 'git -C "$1" remote get-url origin', 'sh', REPO_PATH],
        timeoutMs: LOOK_TIMEOUT_MS,
        maxBytes: MAX_OUTPUT_BYTES,
        signal,
      })
      const repo = stdout.trim()
      if (exitCode !== 0 || repoUrlProblem(repo) !== null) return skip('There is no repository in the place where Berth expects it.')
      // A credential in it stays in the repository's own config.
      await records.patch(record.id, { repo: splitRepoUrl(repo).url, repoState: 'cloned' })
    },
  }
}
