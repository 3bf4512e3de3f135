import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import type Docker from 'dockerode'
import { z } from 'zod'
import type { EngineState } from '../../shared/contract/engine'
import { BerthError } from '../../shared/errors'
import { log } from '../log'
import { createDockerClient } from './docker-client'
import { type Endpoint, type EndpointSurroundings, endpointCandidates } from './endpoint'
import { connectionReason, engineError } from './engine-errors'

const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 5000
const CONNECT_TIMEOUT_MS = 5000

/** What of a container's life the rest of Berth wants to hear of. `exec_*` is left out: it would flood. */
const WATCHED_ACTIONS = ['create', 'start', 'die', 'destroy', 'rename', 'pause', 'unpause', 'oom', 'update'] as const

const engineEventSchema = z.object({
  Type: z.literal('container'),
  Action: z.enum(WATCHED_ACTIONS),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()) }),
  timeNano: z.number(),
})

/** Something happened to a container. `attributes` has its labels, its `name`, and `exitCode` for `die`. */
export interface ContainerEvent {
  action: (typeof WATCHED_ACTIONS)[number]
  containerId: string
  attributes: Record<string, string>
  /** Milliseconds since 1970, by the engine's clock. */
  time: number
}

export interface ConnectionListener {
  /** Each change of state. After `connected`, everything known of the engine is to be read again. */
  onState(state: EngineState): void
  onContainerEvent(event: ContainerEvent): void
}

interface ConnectionOptions {
  /** The endpoint from the settings, read again before each try; null to look for one. */
  endpointSetting: () => string | null
  surroundings: EndpointSurroundings
  /** Containers without this label are of no interest. */
  label: string
}

/** Keeps one connection to one engine, with one event stream over it; connects again by itself whenever that ends. */
export interface EngineConnection {
  state(): EngineState
  /** Throws ENGINE_UNREACHABLE while there is none. */
  docker(): Docker
  endpoint(): string
  /** Tries at once. Resolves with what came of it. */
  reconnect(): Promise<EngineState>
  start(listener: ConnectionListener): void
  close(): void
}

export function createConnection({ endpointSetting, surroundings, label }: ConnectionOptions): EngineConnection {
  let state: EngineState = { status: 'connecting', endpoint: null }
  let listener: ConnectionListener | null = null
  let current: { docker: Docker; endpoint: string; stop: () => void } | null = null
  let retry: NodeJS.Timeout | null = null
  let retryDelay = FIRST_RETRY_MS
  let attempt: Promise<EngineState> | null = null
  let closed = false

  function setState(next: EngineState): EngineState {
    state = next
    listener?.onState(next)
    return next
  }

  function connect(): Promise<EngineState> {
    if (retry) clearTimeout(retry)
    retry = null
    attempt ??= tryCandidates().finally(() => {
      attempt = null
    })
    return attempt
  }

  async function tryCandidates(): Promise<EngineState> {
    const tried: { endpoint: string; reason: string }[] = []
    for (const candidate of endpointCandidates(endpointSetting(), surroundings)) {
      try {
        return await tryCandidate(candidate)
      } catch (error) {
        tried.push({ endpoint: candidate.url, reason: connectionReason(error) })
      }
      if (closed) break
    }
    return setState({ status: 'unreachable', tried, retryAt: closed ? null : scheduleRetry().toISOString() })
  }

  async function tryCandidate(candidate: Endpoint): Promise<EngineState> {
    const docker = createDockerClient(candidate)
    const [version, info] = await withTimeout(Promise.all([docker.version(), docker.info()]), CONNECT_TIMEOUT_MS)
    const stop = await openEvents(docker)
    current = { docker, endpoint: candidate.url, stop }
    retryDelay = FIRST_RETRY_MS
    return setState({
      status: 'connected',
      endpoint: candidate.url,
      product: isPodman(version) ? 'podman' : 'docker',
      version: version.Version,
      apiVersion: version.ApiVersion,
      operatingSystem: info.OperatingSystem,
      architecture: info.Architecture,
      cpus: info.NCPU,
      memoryBytes: info.MemTotal,
    })
  }

  async function openEvents(docker: Docker): Promise<() => void> {
    const stream = (await docker.getEvents({
      filters: { type: ['container'], label: [label], event: [...WATCHED_ACTIONS] },
    })) as Readable
    const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })
    lines.on('line', (line) => {
      const event = engineEventSchema.safeParse(JSON.parse(line))
      if (!event.success) return
      const { Action, Actor, timeNano } = event.data
      listener?.onContainerEvent({ action: Action, containerId: Actor.ID, attributes: Actor.Attributes, time: timeNano / 1e6 })
    })
    let lost = false
    const onLost = (cause?: unknown) => {
      if (lost) return
      lost = true
      log.info({ err: cause }, 'the engine’s event stream ended')
      onConnectionLost()
    }
    // The reader passes the stream's errors on, and throws them where nobody listens.
    lines.on('error', onLost)
    stream.on('error', onLost)
    stream.on('close', () => onLost())
    stream.on('end', () => onLost())
    return () => {
      lost = true
      lines.close()
      stream.destroy()
    }
  }

  function onConnectionLost(): void {
    const endpoint = current?.endpoint ?? null
    current = null
    if (closed) return
    setState({ status: 'connecting', endpoint })
    // Not at once: an engine that is being stopped still takes connections for a moment.
    scheduleRetry()
  }

  function scheduleRetry(): Date {
    const delay = retryDelay
    retryDelay = Math.min(retryDelay * 2, LONGEST_RETRY_MS)
    if (retry) clearTimeout(retry)
    retry = setTimeout(() => void connect(), delay)
    return new Date(Date.now() + delay)
  }

  function unreachable(): BerthError {
    const tried = state.status === 'unreachable' ? state.tried : []
    const endpoint = tried.map((entry) => entry.endpoint).join(', ') || (state.status === 'connecting' ? (state.endpoint ?? '') : '')
    return new BerthError('ENGINE_UNREACHABLE', 'No Docker engine answers.', {
      endpoint,
      tried,
      next: 'Start Docker (or Podman). Berth connects again by itself.',
    })
  }

  return {
    state: () => state,
    endpoint: () => current?.endpoint ?? '',
    docker() {
      if (current === null) throw unreachable()
      return current.docker
    },
    reconnect() {
      retryDelay = FIRST_RETRY_MS
      current?.stop()
      current = null
      return connect()
    },
    start(newListener) {
      listener = newListener
      void connect()
    },
    close() {
      closed = true
      if (retry) clearTimeout(retry)
      current?.stop()
      current = null
    },
  }
}

function isPodman(version: { Components?: { Name: string }[] }): boolean {
  return version.Components?.some((component) => component.Name === 'Podman Engine') ?? false
}

async function withTimeout<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds / 1000} s`)), milliseconds)
  })
  try {
    return await Promise.race([promise, timeout])
  } finally {
    clearTimeout(timer)
  }
}

/** Runs a request of the engine's; what it throws comes out as a typed error that names what was tried. */
export async function request<Value>(connection: EngineConnection, what: string, call: (docker: Docker) => Promise<Value>): Promise<Value> {
  const docker = connection.docker()
  try {
    return await call(docker)
  } catch (error) {
    throw engineError(error, what, connection.endpoint())
  }
}
