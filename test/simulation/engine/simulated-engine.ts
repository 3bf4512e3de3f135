import type { ContainerDetails, ContainerSummary } from '../../../src/main/engine/containers'
import type { Engine } from '../../../src/main/engine/engine'
import { engineError, engineStatusOf } from '../../../src/main/engine/engine-errors'
import type { VolumeSummary } from '../../../src/main/engine/volumes'
import type { World } from '../world/world'
import { createConnectionModel, type Line } from './connection-model'
import { type EngineState, isRunning, refusal, type SimulatedContainer, type SimulatedImage, type SimulatedVolume } from './engine-state'
import { createSimulatedHelpers } from './simulated-helpers'
import { simulatedNetworks } from './simulated-networks'

/** Berth's engine interface before a simulated engine. Execs are refused: nothing runs inside. */
export function createSimulatedEngine(world: World, state: EngineState, line: Line, label: string): Engine {
  const connection = createConnectionModel(world, state, line, label)
  const { call } = connection
  const process = world.process()
  const isAlive = () => world.process() === process
  const ignoring = (status: number, apply: () => void) => () => {
    try {
      apply()
    } catch (error) {
      if (engineStatusOf(error) !== status) throw error
    }
  }
  const withLabel = (wanted: string) => {
    const [name = '', value] = wanted.split('=')
    return ({ labels }: { labels: Record<string, string> }) => (value === undefined ? name in labels : labels[name] === value)
  }
  const labelsOf = ({ spec }: SimulatedContainer) => ({ labels: spec.labels })
  const uncovered = (what: string) => () => Promise.reject(engineError(refusal(501, 'the simulation does not have it'), what, ''))

  return {
    ...{ state: connection.state, assertConnected: connection.assertConnected, start: connection.start },
    ...{ reconnect: connection.reconnect, close: connection.close },
    isLocal: () => true,
    publishedHost: () => '127.0.0.1',
    exec: { start: uncovered('run a command') },
    helpers: createSimulatedHelpers(world, state, connection),
    containers: {
      list: (wanted) =>
        call('list the containers', () =>
          [...state.containers.values()].filter((one) => wanted === undefined || withLabel(wanted)(labelsOf(one))).map(summaryOf),
        ),
      inspect: (reference) => call('read the container', () => detailsOf(state.findOrNull(reference), state)),
      create: (spec) => call(`create container ${spec.name}`, () => state.create(spec).id, 20),
      start: (id) =>
        call(
          'start the container',
          ignoring(304, () => state.start(state.find(id))),
          50,
        ),
      stop: (id) => call('stop the container', () => state.end(state.find(id), 0), 100),
      kill: (id) => call('kill the container', () => state.end(state.find(id), 137)),
      pause: (id) =>
        call('pause the container', () => {
          const container = state.find(id)
          if (container.state !== 'paused') state.pause(container, true)
        }),
      unpause: (id) =>
        call('let the container go on', () => {
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
          for (const one of [...state.containers.values()].filter((each) => withLabel(wanted)(labelsOf(each))))
            state.removeContainer(one, true)
        }),
      rename: (id, name) => call(`rename the container to ${name}`, () => state.rename(state.find(id), name)),
      limit: (id, limits) =>
        call('limit the container', () => {
          const container = state.find(id)
          container.spec = { ...container.spec, limits }
        }),
      commit: (id, reference) => call('save the container’s layer', () => commit(state, state.find(id), reference).id, 50),
      flatten: (id, reference) => call('save the container’s files', () => void commit(state, state.find(id), reference), 200),
      putFiles: (id) => call('write files into the container', () => void state.find(id)),
      fileSize: () => Promise.resolve(null),
      readFile: () => Promise.resolve(null),
      async *logs(id, { follow, since, signal }) {
        const container = await call('read the log', () => state.find(id))
        const after = since === undefined ? 0 : new Date(since).getTime()
        let position = 0
        while (!signal.aborted) {
          const line = container.log[position]
          if (line) {
            position += 1
            if (line.time.getTime() >= after) yield { time: line.time.toISOString(), stream: 'stdout', text: line.text }
          } else if (!follow || !isRunning(container)) return
          else await nextLine(container, signal, connection, isAlive)
        }
      },
      async *watchCounters() {},
      async *logEntries() {},
    },
    volumes: {
      list: (wanted) => call('list the volumes', () => [...state.volumes.values()].filter(withLabel(wanted)).map(volumeOf)),
      inspect: (name) =>
        call(`read volume ${name}`, () => {
          const volume = state.volumes.get(name)
          return volume ? volumeOf(volume) : null
        }),
      create: (name, labels, options = {}) => call(`create volume ${name}`, () => volumeOf(state.createVolume(name, labels, options))),
      remove: (name) =>
        call(
          `remove volume ${name}`,
          ignoring(404, () => state.removeVolume(name)),
        ),
      sizes: () => call('measure the volumes', () => new Map([...state.volumes.keys()].map((name) => [name, 1000]))),
    },
    images: {
      inspect: (reference) =>
        call(`read image ${reference}`, () => {
          const image = state.image(reference)
          return image && { id: image.id, sizeBytes: 1000, labels: image.labels, environment: image.environment, layers: image.layers }
        }),
      pull: uncovered('pull an image'),
      build: uncovered('build an image'),
      save: uncovered('save an image'),
      load: uncovered('load an image'),
      tag: (reference, newReference) =>
        call(`tag ${reference}`, () => {
          const image = state.image(reference)
          if (!image) throw refusal(404, `No such image: ${reference}`)
          state.tag(image, newReference)
        }),
      list: (filter) =>
        call('list the images', () =>
          [...state.images.values()]
            .filter((image) =>
              'label' in filter ? withLabel(filter.label)(image) : [...image.references].some((name) => isOf(filter.repository, name)),
            )
            .map((image) => ({
              ...{ id: image.id, labels: image.labels, sizeBytes: 1000, createdAt: image.createdAt },
              references: [...image.references].filter((name) => !('repository' in filter) || isOf(filter.repository, name)),
            })),
        ),
      listReferences: (repository) => call('list the images', () => referencesOf(state, repository)),
      remove: (reference) =>
        call(
          `remove image ${reference}`,
          ignoring(404, () => state.removeImage(reference)),
        ),
      removeUnnamed: (id) =>
        call(`remove image ${id}`, () => {
          const image = state.image(id)
          if (image && image.references.size === 0) ignoring(409, () => state.removeImage(id))()
        }),
    },
    keepers: {
      start: ({ name, image, labels, volumes }) =>
        call(
          'start a keeper',
          () => {
            for (const volume of volumes) if (!state.volumes.has(volume)) state.createVolume(volume, labels, {})
            const keeper = state.create({
              ...{ name, image, labels, hostname: '', environment: {}, ports: [], capabilities: [], securityOptions: [] },
              ...{ unmaskedSystemPaths: false, extraHosts: [], stopTimeout: 0 },
              volumes: volumes.map((volume, index) => ({ name: volume, path: `/kept/${index}` })),
              limits: { memoryBytes: null, cpus: null, processes: null },
            })
            state.start(keeper)
            return keeper.id
          },
          50,
        ),
    },
    networks: simulatedNetworks(state, call),
    diskUsage: {
      containerLayers: () => call('measure the containers', () => new Map()),
      inUse: (ignored = () => false) =>
        call('list what is in use', () => {
          const users = [...state.containers.values()].filter(({ spec }) => !ignored(spec.labels))
          return {
            volumes: new Set(users.flatMap(({ spec }) => spec.volumes.map(({ name }) => name))),
            images: new Set(users.map(({ imageId }) => imageId)),
          }
        }),
      buildCacheBytes: () => call('measure the build cache', () => 0),
      pruneBuildCache: () => call('remove the build cache', () => 0),
    },
  }
}

function nextLine(
  container: SimulatedContainer,
  signal: AbortSignal,
  connection: { onLost(listener: () => void): () => void },
  isAlive: () => boolean,
) {
  return new Promise<void>((resolve, reject) => {
    const end = () => {
      container.watchers.delete(wake)
      signal.removeEventListener('abort', wake)
      forget()
    }
    const wake = () => {
      end()
      // A process that was killed hears nothing more.
      if (isAlive()) resolve()
    }
    const forget = connection.onLost(() => {
      end()
      reject(engineError(Object.assign(new Error('ECONNRESET'), { code: 'ECONNRESET' }), 'read the log', ''))
    })
    container.watchers.add(wake)
    signal.addEventListener('abort', wake)
  })
}

function commit(state: EngineState, container: SimulatedContainer, reference: string): SimulatedImage {
  state.assertSpace()
  const below = state.images.get(container.imageId)
  const { environment = {}, layers = [] } = below ?? {}
  const { content, imageId: parent, spec } = container
  return state.addImage({ reference, content, parent, environment, labels: spec.labels, layers: [...layers, `sha256:${state.newId()}`] })
}

function isOf(repository: string, reference: string): boolean {
  const name = reference.slice(0, reference.lastIndexOf(':'))
  return repository.endsWith('/*') ? name.startsWith(repository.slice(0, -1)) : name === repository || reference === repository
}

function referencesOf(state: EngineState, repository: string): string[] {
  return [...state.images.values()].flatMap(({ references }) => [...references].filter((name) => isOf(repository, name)))
}

function summaryOf({ id, name, spec, state, createdAt }: SimulatedContainer): ContainerSummary {
  return { id, name, labels: spec.labels, state, image: spec.image, createdAt }
}

function volumeOf({ name, labels, createdAt, options }: SimulatedVolume): VolumeSummary {
  return { name, labels, createdAt, options }
}

function detailsOf(container: SimulatedContainer | null, state: EngineState): ContainerDetails | null {
  if (!container) return null
  const { spec } = container
  return {
    ...{ id: container.id, name: container.name, labels: spec.labels, image: spec.image, imageId: container.imageId },
    ...{ running: isRunning(container), paused: container.state === 'paused', exitCode: container.exitCode, state: container.state },
    ...{ startedAt: container.startedAt, finishedAt: container.finishedAt, createdAt: container.createdAt },
    ...{ error: '', outOfMemory: false, environment: { ...state.images.get(container.imageId)?.environment, ...spec.environment } },
    ...{ limits: spec.limits, ports: spec.ports, addresses: [], entrypoint: spec.entrypoint ?? [] },
    mounts: spec.volumes.map(({ name, path }) => ({ path, kind: 'volume', volume: name })),
  }
}
