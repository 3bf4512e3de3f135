import type { ContainerDetails, ContainerSummary, Containers } from '../../../src/main/engine/containers'
import type { World } from '../world/world'
import { type ConnectionModel, ENGINE_CPUS, ENGINE_MEMORY_BYTES } from './connection-model'
import type { EngineState } from './engine-state'
import { commit, flatten } from './layers'
import { refusal } from './refusal'
import { hasLabel, ignoring } from './requests'
import { isRunning, type SimulatedContainer } from './simulated-container'
import { simulatedLogs } from './simulated-logs'

export function simulatedContainers(world: World, state: EngineState, connection: ConnectionModel): Containers {
  const { call } = connection
  const labelled = (wanted: string) => [...state.containers.values()].filter(({ spec }) => hasLabel(spec.labels, wanted))

  return {
    list: (wanted) =>
      call('list the containers', () => (wanted === undefined ? [...state.containers.values()] : labelled(wanted)).map(summaryOf)),
    inspect: (reference) => call(`read container ${reference}`, () => detailsOf(state.findOrNull(reference), state)),
    create: (spec) => call(`create container ${spec.name}`, () => state.create(spec).id, 20),
    start: (id) =>
      call(
        'start the container',
        ignoring(304, () => state.start(state.find(id))),
        50,
      ),
    stop: (id, timeoutSeconds) =>
      call(
        'stop the container',
        ignoring(304, () => state.stop(state.find(id), timeoutSeconds)),
      ),
    kill: (id) => call('kill the container', () => state.end(state.findOrNull(id), 137)),
    pause: (id) =>
      call('pause the container', () => {
        const container = state.find(id)
        if (container.state !== 'paused') state.pause(container, true)
      }),
    unpause: (id) =>
      call('resume the container', () => {
        const container = state.findOrNull(id)
        if (container?.state === 'paused') state.pause(container, false)
      }),
    remove: (id) =>
      call(
        'remove the container',
        ignoring(404, () => state.removeContainer(state.find(id), true)),
        20,
      ),
    removeAll: (wanted) =>
      call('remove containers', () => {
        for (const container of labelled(wanted)) state.removeContainer(container, true)
      }),
    rename: (id, name) => call(`rename the container to ${name}`, () => state.rename(state.find(id), name)),
    limit: (id, limits) => call('limit the container', () => state.limit(state.find(id), limits)),
    commit: (id, reference, { blank }) => call('save the container’s layer', () => commit(state, state.find(id), reference, blank).id, 50),
    flatten: (id, reference) => call('save the container’s files', () => flatten(state, state.find(id), reference), 200),
    flattenImage: (image, reference) =>
      call(
        'save the image’s files',
        () => {
          const found = state.image(image)
          if (!found) throw refusal(404, 'no such image')
          const { content, files, labels, environment } = found
          state.addImage({ reference, content, files, labels, environment })
        },
        200,
      ),
    putFiles: (id, files) =>
      call('write files into the container', () => {
        const container = state.find(id)
        for (const { path, content } of files) container.files.set(path, Buffer.from(content))
      }),
    fileSize: (id, path) => call(`look at ${path} in the container`, () => state.findOrNull(id)?.files.get(path)?.length ?? null),
    // Files of people are no part of what is simulated.
    fileStatus: async () => null,
    readArchive: async () => null,
    writeArchive: async () => undefined,
    readFile: (id, path) =>
      call(`read ${path} in the container`, () => {
        const content = state.findOrNull(id)?.files.get(path)
        return content === undefined ? null : only(content)
      }),
    logs: simulatedLogs(world, state, connection),
    async *watchCounters() {},
    // What runs inside is no part of what is simulated, but for what it does.
    processes: async () => [],
    async *logEntries() {},
  }
}

async function* only(content: Buffer): AsyncGenerator<Buffer> {
  yield content
}

function summaryOf({ id, name, spec, state, createdAt, imageId }: SimulatedContainer): ContainerSummary {
  return { id, name, labels: spec.labels, state, image: spec.image, imageId, createdAt }
}

function detailsOf(container: SimulatedContainer | null, state: EngineState): ContainerDetails | null {
  if (!container) return null
  const { spec } = container
  const { memoryBytes, cpus, processes } = spec.limits
  return {
    ...{ id: container.id, name: container.name, labels: spec.labels, image: spec.image, imageId: container.imageId },
    ...{ running: isRunning(container), paused: container.state === 'paused', exitCode: container.exitCode, state: container.state },
    ...{ startedAt: container.startedAt, finishedAt: container.finishedAt, createdAt: container.createdAt },
    ...{ error: container.error, outOfMemory: false },
    environment: { ...state.images.get(container.imageId)?.environment, ...spec.environment },
    // What was lifted has no word for “all”, but a number.
    limits: container.wasLimited
      ? { memoryBytes: memoryBytes ?? ENGINE_MEMORY_BYTES, cpus: cpus ?? ENGINE_CPUS, processes }
      : { memoryBytes, cpus, processes },
    addresses: isRunning(container) ? [...container.networks.keys()].map((_, index) => `172.17.${index}.2`) : [],
    ...{ ports: spec.ports, entrypoint: spec.entrypoint ?? [] },
    mounts: spec.volumes.map(({ name, path }) => ({ path, kind: 'volume', volume: name })),
  }
}
