import type { Engine } from '../../../src/main/engine/engine'
import type { VolumeSummary } from '../../../src/main/engine/volumes'
import type { World } from '../world/world'
import { createConnectionModel, type Daemon, type Line } from './connection-model'
import type { EngineState } from './engine-state'
import { noSwarm } from './no-swarm'
import { hasLabel, ignoring } from './requests'
import { simulatedContainers } from './simulated-containers'
import { createSimulatedExec } from './simulated-exec'
import { createSimulatedHelpers } from './simulated-helpers'
import { simulatedImages } from './simulated-images'
import { simulatedNetworks } from './simulated-networks'
import type { SimulatedVolume } from './volume-store'

/** Berth's engine interface before a simulated engine. */
export function createSimulatedEngine(world: World, state: EngineState, line: Line, label: string, daemon?: Daemon): Engine {
  const connection = createConnectionModel(world, state, line, label, daemon)
  const { call } = connection

  return {
    ...{ state: connection.state, assertConnected: connection.assertConnected, start: connection.start },
    ...{ reconnect: connection.reconnect, close: connection.close },
    isLocal: () => true,
    bringPort: async () => undefined,
    dropPort: async () => undefined,
    setWatched: () => undefined,
    exec: createSimulatedExec(world, state, connection),
    helpers: createSimulatedHelpers(world, state, connection),
    containers: simulatedContainers(world, state, connection),
    images: simulatedImages(state, connection),
    keepers: {
      start: ({ name, image, labels, volumes }) =>
        call(
          'start a keeper',
          () => {
            const spec = {
              ...{ name, image, labels, hostname: '', environment: {}, ports: [], capabilities: [], securityOptions: [] },
              ...{ unmaskedSystemPaths: false, extraHosts: [], stopTimeout: 0, entrypoint: ['sleep', 'infinity'] },
              volumes: volumes.map((volume, index) => ({ name: volume, path: `/kept/${index}` })),
              limits: { memoryBytes: null, cpus: null, processes: null },
            }
            const keeper = state.create(spec, null, labels)
            state.start(keeper)
            return keeper.id
          },
          50,
        ),
    },
    networks: simulatedNetworks(state, connection),
    swarm: noSwarm(),
    volumes: {
      list: (wanted) =>
        call('list the volumes', () => [...state.volumes.values()].filter(({ labels }) => hasLabel(labels, wanted)).map(volumeOf)),
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

function volumeOf({ name, labels, createdAt, options }: SimulatedVolume): VolumeSummary {
  return { name, labels, createdAt, options }
}
