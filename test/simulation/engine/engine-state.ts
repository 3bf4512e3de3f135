import type { ContainerSpec } from '../../../src/main/engine/containers'
import type { HelperSpec } from '../../../src/main/engine/helpers'
import type { World } from '../world/world'

/**
 * What is in a volume, a layer or an image, as one number: whoever writes there makes a number that was never used before, and a
 * copy has the number of its original. 0 is empty.
 */
export type Content = number
export const EMPTY: Content = 0

export interface SimulatedVolume {
  name: string
  labels: Record<string, string>
  options: Record<string, string>
  createdAt: Date
  content: Content
}

export interface SimulatedImage {
  id: string
  references: Set<string>
  labels: Record<string, string>
  environment: Record<string, string>
  layers: string[]
  parent: string | null
  content: Content
  createdAt: Date
}

export interface SimulatedContainer {
  id: string
  name: string
  spec: ContainerSpec
  imageId: string
  /** Its own layer on top of its image's. */
  content: Content
  state: 'created' | 'running' | 'paused' | 'exited'
  exitCode: number
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
  log: { time: Date; text: string }[]
  /** Called at each new line, and when it ends. */
  watchers: Set<() => void>
  /** Which run this is: what an earlier one had under way counts no more. */
  runs: number
  helper: { spec: HelperSpec; end(code: number): void } | null
}

export interface EngineEvent {
  action: 'create' | 'start' | 'die' | 'destroy' | 'rename' | 'pause' | 'unpause' | 'update'
  containerId: string
  attributes: Record<string, string>
  time: number
}

/** An answer of the engine that is no success, as dockerode throws it. */
export function refusal(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode, json: { message }, reason: '' })
}

/** The engine itself: what it has, and what it does with it. Each method is one request, and done at once. */
export interface EngineState {
  containers: Map<string, SimulatedContainer>
  volumes: Map<string, SimulatedVolume>
  images: Map<string, SimulatedImage>
  isFull: boolean
  /** How the next starts go. */
  entrypoint: { readyAfterMs(): number; fails(): boolean }
  onEvent(listener: (event: EngineEvent) => void): () => void
  newContent(): Content
  newId(): string
  find(reference: string): SimulatedContainer
  findOrNull(reference: string): SimulatedContainer | null
  create(spec: ContainerSpec, helper?: SimulatedContainer['helper']): SimulatedContainer
  start(container: SimulatedContainer): void
  /** It ends by itself, or is stopped or killed. */
  end(container: SimulatedContainer, exitCode: number): void
  removeContainer(container: SimulatedContainer, force: boolean): void
  rename(container: SimulatedContainer, name: string): void
  pause(container: SimulatedContainer, paused: boolean): void
  image(reference: string): SimulatedImage | null
  addImage(image: Partial<SimulatedImage> & { reference: string | null; content: Content }): SimulatedImage
  tag(image: SimulatedImage, reference: string): void
  removeImage(reference: string): void
  createVolume(name: string, labels: Record<string, string>, options: Record<string, string>): SimulatedVolume
  removeVolume(name: string): void
  usersOf(volume: string): SimulatedContainer[]
  /** Throws as the engine does when there is no room. */
  assertSpace(): void
}

export function createEngineState(world: World, isPortTaken: (port: number) => boolean): EngineState {
  const containers = new Map<string, SimulatedContainer>()
  const volumes = new Map<string, SimulatedVolume>()
  const images = new Map<string, SimulatedImage>()
  const listeners = new Set<(event: EngineEvent) => void>()
  let lastContent = EMPTY
  let lastId = 0
  let lastTime = 0

  /** Engines count in nanoseconds: no two things happen at one moment. */
  const engineTime = () => {
    lastTime = Math.max(world.now() + 1_767_225_600_000, lastTime + 0.001)
    return lastTime
  }
  const date = () => new Date(engineTime())

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

  function say(container: SimulatedContainer, text: string): void {
    container.log.push({ time: date(), text })
    for (const watch of [...container.watchers]) watch()
  }

  const state: EngineState = {
    containers,
    volumes,
    images,
    isFull: false,
    entrypoint: { readyAfterMs: () => 200 + world.random.next() * 800, fails: () => false },
    onEvent(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    newContent: () => ++lastContent,
    newId: () => (++lastId).toString(16).padStart(64, '0'),
    findOrNull(reference) {
      return containers.get(reference) ?? [...containers.values()].find(({ name }) => name === reference) ?? null
    },
    find(reference) {
      const container = state.findOrNull(reference)
      if (!container) throw refusal(404, `No such container: ${reference}`)
      return container
    },
    create(spec, helper = null) {
      if (spec.name !== '' && [...containers.values()].some(({ name }) => name === spec.name)) {
        throw refusal(409, `Conflict. The container name "/${spec.name}" is already in use.`)
      }
      const image = state.image(spec.image)
      if (!image) throw refusal(404, `No such image: ${spec.image}`)
      state.assertSpace()
      for (const { name } of spec.volumes) if (!volumes.has(name)) state.createVolume(name, {}, {})
      const id = state.newId()
      const container: SimulatedContainer = {
        id,
        name: spec.name || `helper_${id.slice(-6)}`,
        spec: { ...spec, labels: { ...image.labels, ...spec.labels } },
        imageId: image.id,
        content: image.content,
        state: 'created',
        exitCode: 0,
        createdAt: date(),
        startedAt: null,
        finishedAt: null,
        log: [],
        watchers: new Set(),
        runs: 0,
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
      const taken = container.spec.ports.find(
        ({ hostPort }) =>
          isPortTaken(hostPort) ||
          [...containers.values()].some((other) => isRunning(other) && other.spec.ports.some((port) => port.hostPort === hostPort)),
      )
      if (taken) throw refusal(500, `driver failed programming external connectivity: port ${taken.hostPort} is already allocated`)
      container.state = 'running'
      container.exitCode = 0
      container.runs += 1
      container.startedAt = date()
      emit('start', container)
      if (container.helper) return
      const run = container.runs
      const fails = state.entrypoint.fails()
      const become = () => {
        if (container.runs !== run || !isRunning(container)) return
        // What stands still says nothing.
        if (container.state === 'paused') return void world.after(50, become, 'outside')
        if (state.isFull) return state.end(container, 28)
        if (fails) return state.end(container, 1)
        say(container, 'berth: ready')
      }
      world.after(state.entrypoint.readyAfterMs(), become, 'outside')
    },
    end(container, exitCode) {
      if (!isRunning(container)) return
      container.state = 'exited'
      container.exitCode = exitCode
      container.finishedAt = date()
      emit('die', container, { exitCode: String(exitCode) })
      for (const watch of [...container.watchers]) watch()
    },
    removeContainer(container, force) {
      if (isRunning(container)) {
        if (!force) throw refusal(409, `You cannot remove a running container ${container.id}.`)
        if (container.helper) container.helper.end(137)
        else state.end(container, 137)
      }
      if (!containers.delete(container.id)) return
      emit('destroy', container)
      for (const watch of [...container.watchers]) watch()
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
    image: (reference) =>
      images.get(reference) ?? [...images.values()].find(({ references }) => references.has(withTag(reference))) ?? null,
    addImage({ reference, ...image }) {
      const id = `sha256:${state.newId()}`
      const made: SimulatedImage = {
        ...{ id, references: new Set<string>(), labels: {}, environment: {}, layers: [`sha256:layer-${id.slice(-8)}`] },
        ...{ parent: null, createdAt: date() },
        ...image,
      }
      images.set(id, made)
      if (reference !== null) state.tag(made, reference)
      return made
    },
    tag(image, reference) {
      for (const other of images.values()) other.references.delete(withTag(reference))
      image.references.add(withTag(reference))
    },
    removeImage(reference) {
      const image = state.image(reference)
      if (!image) throw refusal(404, `No such image: ${reference}`)
      const users = [...containers.values()].filter(({ imageId }) => imageId === image.id)
      const byId = reference === image.id
      if (!byId && image.references.size > 1) {
        image.references.delete(withTag(reference))
        return
      }
      // The last name of an image that a container was made from.
      if (users.length > 0)
        throw refusal(
          409,
          `conflict: unable to remove repository reference "${reference}" (must force) - container is using its referenced image`,
        )
      if ([...images.values()].some(({ parent }) => parent === image.id)) {
        if (byId && image.references.size === 0) throw refusal(409, 'conflict: image has dependent child images')
        image.references.clear()
        return
      }
      images.delete(image.id)
    },
    createVolume(name, labels, options) {
      const existing = volumes.get(name)
      if (existing) return existing
      const volume = { name, labels, options, createdAt: date(), content: EMPTY }
      volumes.set(name, volume)
      world.trace(`engine volume ${name}`)
      return volume
    },
    removeVolume(name) {
      if (!volumes.has(name)) throw refusal(404, `get ${name}: no such volume`)
      const users = state.usersOf(name)
      if (users.length > 0) throw refusal(409, `remove ${name}: volume is in use - [${users.map(({ id }) => id).join(', ')}]`)
      volumes.delete(name)
      world.trace(`engine volume removed ${name}`)
    },
    usersOf: (volume) => [...containers.values()].filter(({ spec }) => spec.volumes.some(({ name }) => name === volume)),
    assertSpace() {
      if (state.isFull) throw refusal(500, 'write /var/lib/docker: no space left on device')
    },
  }
  return state
}

export function isRunning({ state }: SimulatedContainer): boolean {
  return state === 'running' || state === 'paused'
}

function withTag(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1).includes(':') ? reference : `${reference}:latest`
}
