import type { OperationDefinition } from '../operations/operation-definition'
import type { WorkspaceRecord } from '../settings/records'
import type { LifecycleServices } from './lifecycle-services'
import { checkNothingForeign, ensureVolume, removeLayers, removeOwnContainer, removeOwnVolume } from './owned-resources'
import { createContainer, recordOf, repoStep, SWITCH_STEP, startStep, startSteps, type WorkspaceInput } from './start-steps'
import { containerName, replacementName, STOP_TIMEOUT_SECONDS, volumeNames } from './workspace-resources'

/** What a creation was asked for: all that its steps, and their undoing after a crash, need to know. */
export interface CreateInput extends WorkspaceInput {
  label: string | null
  image: string | null
  repo: string | null
  env: Record<string, string>
  createdAt: string
}

/** The changes of a workspace's life. Wholly done or wholly taken back; delete, once begun, is always finished. */
export interface Lifecycle {
  create: OperationDefinition<CreateInput>
  start: OperationDefinition<WorkspaceInput>
  stop: OperationDefinition<WorkspaceInput>
  restart: OperationDefinition<WorkspaceInput>
  delete: OperationDefinition<WorkspaceInput>
}

export function createLifecycle(services: LifecycleServices, onReserved: (workspaceId: string) => void): Lifecycle {
  return {
    create: createDefinition(services, onReserved),
    start: { kind: 'workspace.start', commitStep: SWITCH_STEP, cancellable: true, steps: startSteps(services) },
    stop: { kind: 'workspace.stop', commitStep: null, cancellable: false, steps: [stopStep(services)] },
    restart: {
      kind: 'workspace.restart',
      commitStep: SWITCH_STEP,
      cancellable: true,
      steps: [stopStep(services), ...startSteps(services)],
    },
    delete: deleteDefinition(services),
  }
}

function createDefinition(services: LifecycleServices, onReserved: (workspaceId: string) => void): OperationDefinition<CreateInput> {
  const { engine, records, ports, images, registry } = services
  return {
    kind: 'workspace.create',
    // From here on it runs and may have been worked in.
    commitStep: 'repo',
    cancellable: true,
    steps: [
      {
        name: 'reserve',
        title: 'Reserve name and port',
        async run({ input }) {
          const { home, docker } = volumeNames(input.name)
          await checkNothingForeign(engine, input, { containers: [containerName(input.name)], volumes: [home, docker] })
          const reservation = await ports.reserve()
          try {
            await records.put(newRecord(input, reservation.port))
          } finally {
            reservation.release()
          }
          registry.publish(input.id)
          onReserved(input.id)
        },
        async undo({ id }) {
          await records.remove(id)
          registry.setContainer(id, null)
        },
      },
      {
        name: 'image',
        title: 'Get the image',
        async run({ input, signal, progress, detail }) {
          await images.ensure(input.image, {
            signal,
            onProgress(made, text) {
              progress(made)
              detail(text)
            },
          })
        },
      },
      {
        name: 'home-volume',
        title: 'Create home volume',
        async run({ input }) {
          await ensureVolume(services, input, volumeNames(input.name).home, 'home')
        },
        undo: (input) => removeOwnVolume(engine, input, volumeNames(input.name).home),
      },
      {
        name: 'docker-volume',
        title: 'Create Docker volume',
        async run({ input }) {
          await ensureVolume(services, input, volumeNames(input.name).docker, 'docker')
        },
        undo: (input) => removeOwnVolume(engine, input, volumeNames(input.name).docker),
      },
      {
        name: 'container',
        title: 'Create container',
        async run({ input, signal }) {
          const { reference } = await images.ensure(input.image, { signal, onProgress: () => undefined })
          await createContainer(services, recordOf(services, input), reference)
        },
        undo: (input) => removeOwnContainer(engine, input, containerName(input.name)),
      },
      startStep(services),
      repoStep(services),
    ],
  }
}

function stopStep(services: LifecycleServices) {
  const { engine, registry, records } = services
  return {
    name: 'stop',
    title: 'Stop',
    async run({ input }: { input: WorkspaceInput }) {
      const container = registry.containerOf(input.id)
      if (container) await engine.containers.stop(container.containerId, STOP_TIMEOUT_SECONDS)
      const record = records.get(input.id)
      if (record?.problem && record.problem.code !== 'REPO_CLONE_FAILED') await records.patch(input.id, { problem: null })
      registry.markStopped(input.id)
    },
  }
}

function deleteDefinition(services: LifecycleServices): OperationDefinition<WorkspaceInput> {
  const { engine, records, registry } = services
  return {
    kind: 'workspace.delete',
    commitStep: 'container',
    cancellable: false,
    steps: [
      {
        name: 'container',
        title: 'Remove container',
        async run({ input }) {
          await removeOwnContainer(engine, input, replacementName(input.name))
          await removeOwnContainer(engine, input, containerName(input.name))
          registry.setContainer(input.id, null)
        },
      },
      {
        name: 'home-volume',
        title: 'Remove home volume',
        run: ({ input }) => removeOwnVolume(engine, input, volumeNames(input.name).home),
      },
      {
        name: 'docker-volume',
        title: 'Remove Docker volume',
        run: ({ input }) => removeOwnVolume(engine, input, volumeNames(input.name).docker),
      },
      {
        name: 'layers',
        title: 'Remove its saved layer',
        run: ({ input }) => removeLayers(engine, input),
      },
      {
        name: 'record',
        title: 'Free name and port',
        run: ({ input }) => records.remove(input.id),
      },
    ],
  }
}

function newRecord(input: CreateInput, sshPort: number): WorkspaceRecord {
  return {
    id: input.id,
    name: input.name,
    label: input.label,
    image: input.image,
    repo: input.repo,
    repoState: input.repo === null ? 'none' : 'pending',
    env: input.env,
    sshPort,
    problem: null,
    createdAt: input.createdAt,
    startedAt: null,
    lastUsedAt: null,
  }
}
