import type { ContainerLimits, ContainerSpec } from '../../../src/main/engine/containers'
import type { World } from '../world/world'
import { type Content, EMPTY } from './content'
import { createImageStore, type ImageStore } from './image-store'
import { createNetworks, DEFAULT_NETWORK, type SimulatedNetwork } from './network-store'
import { type Programs, type RunningProgram, startProgram } from './programs'
import { refusal } from './refusal'
import { isRunning, type SimulatedContainer } from './simulated-container'
import { createVolumeStore, type VolumeStore } from './volume-store'

export interface EngineEvent {
  action: 'create' | 'start' | 'die' | 'destroy' | 'rename' | 'pause' | 'unpause' | 'update'
  containerId: string
  attributes: Record<string, string>
  time: number
}

/** The engine itself: what it has, and what it does with it. Each method is one request, and done at once. */
export interface EngineState extends ImageStore, VolumeStore {
  containers: Map<string, SimulatedContainer>
  networks: Map<string, SimulatedNetwork>
  isFull: boolean
  onEvent(listener: (event: EngineEvent) => void): () => void
  /** Of what was there before, if anything was. */
  newContent(origin?: Content): Content
  /** What it came of; null for what came of nothing. */
  originOf(content: Content): Content | null
  newId(): string
  find(reference: string): SimulatedContainer
  findOrNull(reference: string): SimulatedContainer | null
  /** Its volumes that are missing are made, with those labels. */
  create(spec: ContainerSpec, helper?: SimulatedContainer['helper'], labelsOfVolumes?: Record<string, string>): SimulatedContainer
  start(container: SimulatedContainer): void
  /** Resolves when it has ended, at the latest after the timeout. */
  stop(container: SimulatedContainer, timeoutSeconds: number): Promise<void>
  /** Ends it at once, if it is running. */
  end(container: SimulatedContainer | null, exitCode: number): void
  /** Starts a command in it. */
  exec(container: SimulatedContainer, command: readonly string[], host: ExecHost): RunningProgram | null
  removeContainer(container: SimulatedContainer, force: boolean): void
  rename(container: SimulatedContainer, name: string): void
  pause(container: SimulatedContainer, paused: boolean): void
  limit(container: SimulatedContainer, limits: ContainerLimits): void
  usersOf(volume: string): SimulatedContainer[]
  /** Whether something that is running has that port of this machine. */
  publishes(port: number): boolean
  /** Whether something that is running is on it. */
  isNetworkActive(network: SimulatedNetwork): boolean
  /** It is killed and started again: nothing runs any more. */
  crash(): void
  /** Throws as the engine does when there is no room. */
  assertSpace(): void
}

interface ExecHost {
  write(stream: 'stdout' | 'stderr', text: string | Buffer): void
  onExit(code: number): void
}

export interface EngineOptions {
  /** Ports of the engine's machine that something else listens on. */
  isPortTaken(port: number): boolean
  /** What images have inside. */
  programs: (state: EngineState, container: SimulatedContainer) => Programs
  /** Ids and contents are numbered from here. */
  first?: number
  /** What contents came of, where several engines pass them on to each other. */
  origins?: Map<Content, Content>
}

export function createEngineState(world: World, { isPortTaken, programs, first = 0, origins = new Map() }: EngineOptions): EngineState {
  const containers = new Map<string, SimulatedContainer>()
  const listeners = new Set<(event: EngineEvent) => void>()
  let lastContent = EMPTY + first
  let lastId = first
  let lastTime = 0

  const newId = () => (++lastId).toString(16).padStart(64, '0')
  const networks = createNetworks(newId)

  /** Engines count in nanoseconds: no two things happen at one moment. */
  const engineTime = () => {
    lastTime = Math.max(world.now() + 1_767_225_600_000, lastTime + 0.001)
    return lastTime
  }
  const date = () => new Date(engineTime())

  const usersOf = (volume: string) => [...containers.values()].filter(({ spec }) => spec.volumes.some(({ name }) => name === volume))
  const volumeStore = createVolumeStore({ world, date, usersOf })
  const { volumes } = volumeStore

  function emit(action: EngineEvent['action'], container: SimulatedContainer, more: Record<string, string> = {}): void {
    world.trace(`engine ${action} ${container.name}`)
    const event = {
      action,
      containerId: container.id,
      attributes: { ...container.spec.labels, name: container.name, image: container.spec.image, ...more },
      time: engineTime(),
    }
    for (const listener of listeners) listener(event)
  }

  const tell = (container: SimulatedContainer) => {
    for (const watch of [...container.watchers]) watch()
  }

  function write(container: SimulatedContainer, stream: 'stdout' | 'stderr', text: string | Buffer): void {
    if (container.helper) return container.helper.write(stream, text)
    for (const line of String(text).split(/(?<=\n)/)) container.log.push({ time: date(), stream, text: line.replace(/\n$/, '') })
    tell(container)
  }

  /** The first program has ended, and with it all that ran in the container. */
  function ended(container: SimulatedContainer, exitCode: number): void {
    container.state = 'exited'
    container.exitCode = exitCode
    container.finishedAt = date()
    container.program = null
    for (const exec of [...container.execs]) exec.kill(137)
    emit('die', container, { exitCode: String(exitCode) })
    tell(container)
    if (container.helper) state.removeContainer(container, true)
  }

  /** The container keeps what went wrong; one that goes by itself goes. */
  function startFailed(container: SimulatedContainer, error: Error): Error {
    container.error = error.message
    container.exitCode = 128
    if (container.helper) state.removeContainer(container, true)
    return error
  }

  const state: EngineState = {
    containers,
    networks,
    ...createImageStore({
      isUsed: (id) => [...containers.values()].some(({ imageId }) => imageId === id),
      newId,
      date,
    }),
    ...volumeStore,
    isFull: false,
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    newContent(origin) {
      lastContent += 1
      if (origin !== undefined) origins.set(lastContent, origin)
      return lastContent
    },
    originOf: (content) => origins.get(content) ?? null,
    newId,
    findOrNull(reference) {
      return containers.get(reference) ?? [...containers.values()].find(({ name }) => name === reference) ?? null
    },
    find(reference) {
      const container = state.findOrNull(reference)
      if (!container) throw refusal(404, `No such container: ${reference}`)
      return container
    },
    create(spec, helper = null, labelsOfVolumes: Record<string, string> = {}) {
      if (spec.name !== '' && [...containers.values()].some(({ name }) => name === spec.name)) {
        throw refusal(409, `Conflict. The container name "/${spec.name}" is already in use.`)
      }
      const image = state.image(spec.image)
      if (!image) throw refusal(404, `No such image: ${spec.image}`)
      state.assertSpace()
      for (const { name } of spec.volumes) if (!volumes.has(name)) state.createVolume(name, labelsOfVolumes, {})
      const id = state.newId()
      const container: SimulatedContainer = {
        id,
        name: spec.name || `helper_${id.slice(-6)}`,
        spec: { ...spec, labels: { ...image.labels, ...spec.labels } },
        imageId: image.id,
        content: image.content,
        files: new Map(image.files),
        handedOver: null,
        state: 'created',
        exitCode: 0,
        error: '',
        createdAt: date(),
        startedAt: null,
        finishedAt: null,
        log: [],
        watchers: new Set(),
        networks: new Map(helper ? [] : [[spec.network ?? DEFAULT_NETWORK, { id: '', aliases: [] }]]),
        wasLimited: false,
        program: null,
        execs: new Set(),
        helper,
      }
      containers.set(id, container)
      emit('create', container)
      return container
    },
    start(container) {
      if (container.state === 'running') throw refusal(304, '')
      if (container.state === 'paused') throw refusal(409, 'cannot start a paused container, try unpause instead')
      for (const { name } of container.spec.volumes) if (!volumes.has(name)) throw refusal(404, `get ${name}: no such volume`)
      for (const [name, endpoint] of container.networks) {
        const network = networks.get(name)
        // At its first start by their names; later those that users made by the ids they had, the default one still by its name.
        if (!network || (name !== DEFAULT_NETWORK && endpoint.id !== '' && network.id !== endpoint.id))
          throw startFailed(container, refusal(404, `network ${endpoint.id || name} not found`))
        endpoint.id = network.id
      }
      const command = container.spec.entrypoint ?? []
      const taken = container.spec.ports.find(({ hostPort }) => isPortTaken(hostPort) || state.publishes(hostPort))
      if (taken) {
        const message = `driver failed programming external connectivity: port ${taken.hostPort} is already allocated`
        throw startFailed(container, refusal(500, message))
      }
      const program = startProgram(world, programs(state, container), command, {
        isPaused: () => container.state === 'paused',
        write: (stream, text) => write(container, stream, text),
        onExit: (code) => ended(container, code),
      })
      if (!program) throw startFailed(container, refusal(400, `exec: "${command[0]}": executable file not found in $PATH`))
      container.state = 'running'
      container.exitCode = 0
      container.error = ''
      container.program = program
      container.handedOver = null
      container.startedAt = date()
      emit('start', container)
    },
    stop(container, timeoutSeconds) {
      if (!isRunning(container)) throw refusal(304, '')
      const { program } = container
      if (container.state === 'paused') state.pause(container, false)
      return new Promise((resolve) => {
        const look = () => {
          if (container.program === program && containers.has(container.id)) return
          container.watchers.delete(look)
          resolve()
        }
        container.watchers.add(look)
        world.after(timeoutSeconds * 1000, () => program?.kill(137), 'outside')
        program?.onTerm?.()
      })
    },
    end: (container, exitCode) => container?.program?.kill(exitCode),
    exec(container, command, host) {
      if (container.state === 'paused') throw refusal(409, `Container ${container.id} is paused, unpause the container before exec`)
      if (!isRunning(container)) throw refusal(409, `Container ${container.id} is not running`)
      const program = startProgram(world, programs(state, container), command, {
        ...{ isPaused: () => container.state === 'paused', write: host.write },
        onExit(code) {
          if (program) container.execs.delete(program)
          host.onExit(code)
        },
      })
      if (program && !program.hasEnded) container.execs.add(program)
      return program
    },
    removeContainer(container, force) {
      if (isRunning(container)) {
        if (!force) throw refusal(409, `You cannot remove a running container ${container.id}.`)
        state.end(container, 137)
      }
      if (!containers.delete(container.id)) return
      emit('destroy', container)
      tell(container)
    },
    rename(container, name) {
      if (container.name === name) throw refusal(400, 'Renaming a container with the same name as its current name')
      if ([...containers.values()].some((other) => other.name === name)) {
        throw refusal(409, `Conflict. The container name "/${name}" is already in use.`)
      }
      const oldName = container.name
      container.name = name
      emit('rename', container, { oldName: `/${oldName}` })
    },
    pause(container, paused) {
      if (paused) {
        if (container.state === 'paused') throw refusal(409, 'is already paused')
        if (container.state !== 'running') throw refusal(409, 'is not running')
      } else if (container.state !== 'paused') throw refusal(500, 'is not paused')
      container.state = paused ? 'paused' : 'running'
      emit(paused ? 'pause' : 'unpause', container)
    },
    limit(container, limits) {
      container.spec = { ...container.spec, limits }
      container.wasLimited = true
      emit('update', container)
    },
    publishes: (port) => [...containers.values()].some((one) => isRunning(one) && one.spec.ports.some(({ hostPort }) => hostPort === port)),
    isNetworkActive: ({ name, id }) =>
      [...containers.values()].some((container) => isRunning(container) && container.networks.get(name)?.id === id),
    crash() {
      for (const container of containers.values()) state.end(container, 137)
    },
    usersOf,
    assertSpace() {
      if (state.isFull) throw refusal(500, 'write /var/lib/docker: no space left on device')
    },
  }
  return state
}
