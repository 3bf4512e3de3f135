import { Readable } from 'node:stream'
import type Docker from 'dockerode'
import tar from 'tar-stream'
import { z } from 'zod'
import type { EngineCapabilities } from '../../shared/contract/engines'
import type { WorkspaceProcess } from '../../shared/workspace-process'
import { type EngineConnection, request } from './connection'
import { type ContainerFiles, createContainerFiles } from './container-files'
import { conflictIf, engineError, engineStatusOf, ignoreStatus, nullIfMissing } from './engine-errors'
import { flattenContainer, flattenImage, type LeftOut } from './flatten-container'
import { readWholeEntries } from './log-entries'
import { type LogLine, readLogLines } from './log-lines'
import { familiarReference, imageIdOf, limitOnPodman, unmaskedOnPodman } from './podman'
import { presentContainers } from './present-containers'
import { listProcesses } from './processes'
import { removeAndWait } from './remove-container'
import { type ContainerCounters, watchCounters } from './stats'

/** Keys are “22/tcp”. */
const portBindingsSchema = z.record(
  z.string(),
  z.array(z.object({ HostIp: z.string().optional(), HostPort: z.string().optional() })).nullable(),
)

const engineSizeSchema = z.object({ NCPU: z.number().positive(), MemTotal: z.number().positive() })

/** A container as the engine's list has it. */
export interface ContainerSummary {
  id: string
  name: string
  labels: Record<string, string>
  /** As the engine names it: created, running, paused, restarting, exited, dead. */
  state: string
  image: string
  /** Of the image it was created from, which may no longer have a name. */
  imageId: string
  createdAt: Date
}

export interface ContainerDetails {
  id: string
  name: string
  labels: Record<string, string>
  running: boolean
  paused: boolean
  exitCode: number
  startedAt: Date | null
  /** End of its last run; null when it never ended. */
  finishedAt: Date | null
  image: string
  /** Of the image it was created from, which may no longer have a name. */
  imageId: string
  /** The engine’s error from the last start; empty if there was none. */
  error: string
  /** Memory ran out. */
  outOfMemory: boolean
  /** As the engine names it: created, running, paused, restarting, exited, dead. */
  state: string
  createdAt: Date
  environment: Record<string, string>
  /** Program and arguments; empty when it has none. */
  entrypoint: string[]
  /** As it was made or changed since; null for none. */
  limits: ContainerSpec['limits']
  mounts: ContainerMount[]
  /** Ports it is published on, running or not; `hostPort` is 0 where the engine chooses one at each start. */
  ports: PublishedPort[]
  /** On the engine's networks, while it runs. */
  addresses: string[]
}

/** Something mounted into a container. `volume` is null for what is no volume (a folder of the host, a tmpfs). */
export interface ContainerMount {
  path: string
  /** As the engine names it: volume, bind, tmpfs, npipe. */
  kind: string
  volume: string | null
}

/** A port of the container, published on the host. */
export interface PublishedPort {
  containerPort: number
  hostAddress: string
  hostPort: number
}

/** All that decides what a container is: made in one place for each kind of container, created from here only. */
export interface ContainerSpec {
  name: string
  image: string
  hostname: string
  labels: Record<string, string>
  environment: Record<string, string>
  volumes: { name: string; path: string }[]
  ports: PublishedPort[]
  /** Name of the only network that it is on, if that is not the engine's default one. */
  network?: string | undefined
  capabilities: string[]
  securityOptions: string[]
  /** The engine masks and write-protects some of /proc and /sys unless this is set. */
  unmaskedSystemPaths: boolean
  extraHosts: string[]
  /** null for none. */
  limits: ContainerLimits
  /** Seconds between TERM and KILL. */
  stopTimeout: number
  /** For an image that is not Berth's: program and arguments instead of the image's own, run by root and ended with TERM. */
  entrypoint?: string[] | undefined
  /** Of the image's own program. */
  arguments?: string[] | undefined
}

/** null for none. */
export interface ContainerLimits {
  memoryBytes: number | null
  /** Of processors: 1.5 is one and a half. */
  cpus: number | null
  /** Processes and threads. */
  processes: number | null
}

/** A file to be put into a container. Owner and group are numbers inside the container; mode is as for chmod. */
export interface ContainerFile {
  path: string
  content: string
  mode: number
  uid: number
  gid: number
}

export interface LogOptions {
  follow: boolean
  /** Lines from the end, counted before `since` and `until` are looked at. */
  tail: number | 'all'
  /** Only what came since; by the engine's clock, in seconds since 1970 with up to nine digits after the point, or to the millisecond. */
  since?: Date | string | undefined
  /** Only what came until then. */
  until?: Date | string | undefined
  signal: AbortSignal
}

/** Containers of the engine. Every call throws ENGINE_UNREACHABLE, ENGINE_REFUSED or DISK_FULL when it cannot be done. */
export interface Containers extends ContainerFiles {
  /**
   * All there are, or all that have the label (“key” or “key=value”), running or not: one request, and one more for each that is being
   * removed or could not be.
   */
  list(label?: string): Promise<ContainerSummary[]>
  /** null when there is none of that name or id. */
  inspect(reference: string): Promise<ContainerDetails | null>
  /** Creates, does not start. Returns the id. */
  create(spec: ContainerSpec): Promise<string>
  start(id: string): Promise<void>
  /** Resolves when it has stopped; at once if it was not running. */
  stop(id: string, timeoutSeconds: number): Promise<void>
  /** Kills it with everything in it; does nothing if it is not running or gone. */
  kill(id: string): Promise<void>
  /** Freezes all its processes where they are; nothing if they are frozen already. */
  pause(id: string): Promise<void>
  /** Lets them go on; nothing if they are not frozen, or the container is gone. */
  unpause(id: string): Promise<void>
  /** Removes it, running or not, and nothing else; it being gone already is fine. */
  remove(id: string): Promise<void>
  /**
   * Removes all that have the label (“key” or “key=value”), dead ones too, and resolves when they are gone with their hold on volumes. Throws
   * ENGINE_REFUSED, with the engine's reason, when one stays.
   */
  removeAll(label: string): Promise<void>
  rename(id: string, name: string): Promise<void>
  /** In force at once, also while it runs. */
  limit(id: string, limits: ContainerLimits): Promise<void>
  /** Makes an image of the container's own layer, frozen meanwhile if `pause` is set, without the values of `blank` variables. Returns the image's id. */
  commit(id: string, reference: string, options: { pause: boolean; blank?: string[] }): Promise<string>
  /** Makes an image of all the container’s files in one layer, with the settings of the image it was made from. */
  flatten(id: string, reference: string, leftOut?: LeftOut): Promise<void>
  /** The same of an image, by a container with these labels that is there meanwhile and never runs. */
  flattenImage(image: string, reference: string, labels: Record<string, string>, leftOut: LeftOut): Promise<void>
  /** Writes files into the container, running or not. Folders that are missing are made, owned by root. */
  putFiles(id: string, files: ContainerFile[]): Promise<void>
  /** Lines of the container's output, oldest first. Read as fast as the caller takes them. */
  logs(id: string, options: LogOptions): AsyncIterable<LogLine>
  /** The same as it comes: pieces of whole entries (`shared/log-stream.ts`). Ends quietly when the signal is aborted. */
  logEntries(id: string, options: LogOptions): AsyncIterable<Buffer>
  /** What it uses, about once a second while it runs, until the signal ends it. */
  watchCounters(id: string, signal: AbortSignal): AsyncGenerator<ContainerCounters>
  /** All that runs in it, nested containers included; by their numbers. Throws ENGINE_REFUSED (409) when it does not run. */
  processes(id: string): Promise<WorkspaceProcess[]>
}

export function createContainers(connection: EngineConnection): Containers {
  return {
    async list(label) {
      const found = await request(connection, 'list the containers', (docker) =>
        presentContainers(docker, { all: true, ...(label === undefined ? {} : { filters: { label: [label] } }) }),
      )
      return found.map((info) => ({
        id: info.Id,
        name: withoutSlash(info.Names[0] ?? ''),
        labels: info.Labels,
        state: info.State,
        image: familiarReference(info.Image),
        imageId: imageIdOf(info.ImageID),
        createdAt: new Date(info.Created * 1000),
      }))
    },
    inspect: (reference) =>
      request(connection, `read container ${reference}`, async (docker) => {
        const details = await nullIfMissing(docker.getContainer(reference).inspect())
        return details && toDetails(details)
      }),
    create: (spec) =>
      request(
        connection,
        `create container ${spec.name}`,
        async (docker) => {
          const taken = async () => (await nullIfMissing(docker.getContainer(spec.name).inspect())) !== null
          return (await conflictIf(taken, docker.createContainer(createOptions(spec, connection.capabilities())))).id
        },
        'work',
      ),
    start: (id) => request(connection, 'start the container', (docker) => ignoreStatus(304, docker.getContainer(id).start()), 'work'),
    stop: (id, timeoutSeconds) =>
      request(connection, 'stop the container', (docker) => stopContainer(docker.getContainer(id), timeoutSeconds), {
        stopTimeoutSeconds: timeoutSeconds,
      }),
    kill: (id) =>
      request(connection, 'kill the container', (docker) => ignoreStatus(404, ignoreStatus(409, docker.getContainer(id).kill()))),
    pause: (id) =>
      request(connection, 'pause the container', async (docker) => {
        const container = docker.getContainer(id)
        if (!(await container.inspect()).State.Paused) await container.pause()
      }),
    unpause: (id) =>
      request(connection, 'resume the container', async (docker) => {
        const container = docker.getContainer(id)
        if ((await nullIfMissing(container.inspect()))?.State.Paused) await container.unpause()
      }),
    remove: (id) =>
      request(
        connection,
        'remove the container',
        (docker) => ignoreStatus(404, docker.getContainer(id).remove({ force: true, v: false })),
        'work',
      ),
    removeAll: (label) =>
      request(
        connection,
        'remove containers',
        async (docker) => {
          const found = await docker.listContainers({ all: true, filters: { label: [label] } })
          await Promise.all(found.map(({ Id: id }) => removeAndWait(docker.getContainer(id))))
        },
        'work',
      ),
    rename: (id, name) => request(connection, `rename the container to ${name}`, (docker) => docker.getContainer(id).rename({ name })),
    limit: (id, limits) =>
      request(connection, 'limit the container', async (docker) => {
        const changes = limitChanges(limits, await engineSize(docker, limits))
        if (connection.capabilities().product === 'podman') await limitOnPodman(docker, id, changes)
        else await docker.getContainer(id).update(changes)
      }),
    commit: (id, reference, { pause, blank = [] }) =>
      request(
        connection,
        'save the container’s layer',
        async (docker) => {
          const separator = reference.lastIndexOf(':')
          const result: { Id: string } = await docker.getContainer(id).commit({
            repo: reference.slice(0, separator),
            tag: reference.slice(separator + 1),
            pause,
            // One each: Podman takes lines for one.
            ...(blank.length === 0 ? {} : { changes: blank.map((name) => `ENV ${name}=`) }),
          })
          return imageIdOf(result.Id)
        },
        'long',
      ),
    flatten: (id, reference, leftOut) =>
      request(connection, 'save the container’s files', (docker) => flattenContainer(docker, id, reference, leftOut), 'long'),
    flattenImage: (image, reference, labels, leftOut) =>
      request(connection, 'save the image’s files', (docker) => flattenImage(docker, image, reference, labels, leftOut), 'long'),
    putFiles: (id, files) =>
      request(
        connection,
        'write files into the container',
        async (docker) => {
          await docker.getContainer(id).putArchive(archiveOf(files), { path: '/' })
        },
        'work',
      ),
    ...createContainerFiles(connection),
    logs: (id, options) => followLogs(connection, id, options, readLogLines),
    logEntries: (id, options) => followLogs(connection, id, options, readWholeEntries),
    watchCounters: (id, signal) => watchCounters(connection, id, signal),
    processes: (id) => listProcesses(connection, id),
  }
}

async function* followLogs<Piece>(
  connection: EngineConnection,
  id: string,
  options: LogOptions,
  read: (source: Readable) => AsyncIterable<Piece>,
): AsyncGenerator<Piece> {
  if (options.signal.aborted) return
  const source = await request(connection, 'read the log', (docker) => openLogs(docker, id, options))
  try {
    yield* read(source)
  } catch (error) {
    if (options.signal.aborted) return
    throw engineError(error, 'read the log', connection.endpoint())
  } finally {
    source.destroy()
  }
}

/** dockerode reads a log that is not followed into memory whole; dialled by hand it is a stream either way. */
function openLogs(docker: Docker, id: string, { follow, tail, since, until, signal }: LogOptions): Promise<Readable> {
  const options = {
    follow,
    stdout: true,
    stderr: true,
    timestamps: true,
    tail,
    ...(since ? { since: secondsOf(since) } : {}),
    ...(until ? { until: secondsOf(until) } : {}),
  }
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      {
        path: `/containers/${id}/logs?`,
        method: 'GET',
        isStream: true,
        abortSignal: signal,
        statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
        options,
      },
      (error: unknown, stream: unknown) => {
        if (error) reject(error)
        // The modem hands on the HTTP response: a Readable of Node's, whatever else it may be.
        else resolve(stream as Readable)
      },
    )
  })
}

/** Podman does not stop what is paused. */
async function stopContainer(container: Docker.Container, timeoutSeconds: number): Promise<void> {
  try {
    await ignoreStatus(304, container.stop({ t: timeoutSeconds }))
  } catch (error) {
    if (engineStatusOf(error) !== 500 || !(await nullIfMissing(container.inspect()))?.State.Paused) throw error
    await container.unpause()
    await ignoreStatus(304, container.stop({ t: timeoutSeconds }))
  }
}

/** Asked only for a limit that is lifted: there is no other word for “all”. Throws when the engine does not say. */
async function engineSize(docker: Docker, limits: ContainerLimits): Promise<{ memoryBytes: number; cpus: number }> {
  if (limits.cpus !== null && limits.memoryBytes !== null) return { memoryBytes: limits.memoryBytes, cpus: limits.cpus }
  const { NCPU: cpus, MemTotal: memoryBytes } = engineSizeSchema.parse(await docker.info())
  return { memoryBytes, cpus }
}

function secondsOf(time: Date | string): string {
  return typeof time === 'string' ? time : (time.getTime() / 1000).toFixed(3)
}

function createOptions(spec: ContainerSpec, capabilities: EngineCapabilities): Docker.ContainerCreateOptions {
  const key = (port: PublishedPort) => `${port.containerPort}/tcp`
  return {
    name: spec.name,
    Image: spec.image,
    Hostname: spec.hostname,
    Labels: spec.labels,
    Env: Object.entries(spec.environment).map(([name, value]) => `${name}=${value}`),
    ExposedPorts: Object.fromEntries(spec.ports.map((port) => [key(port), {}])),
    StopTimeout: spec.stopTimeout,
    ...(spec.arguments ? { Cmd: spec.arguments } : {}),
    ...(spec.entrypoint
      ? { Entrypoint: spec.entrypoint, Cmd: [], User: 'root', StopSignal: 'SIGTERM', Healthcheck: { Test: ['NONE'] } }
      : {}),
    HostConfig: {
      Init: true,
      CapAdd: spec.capabilities,
      SecurityOpt: spec.securityOptions,
      ...(spec.unmaskedSystemPaths ? unmasked(spec, capabilities) : {}),
      Mounts: spec.volumes.map((volume) => ({ Type: 'volume', Source: volume.name, Target: volume.path })),
      PortBindings: Object.fromEntries(
        spec.ports.map((port) => [key(port), [{ HostIp: port.hostAddress, HostPort: String(port.hostPort) }]]),
      ),
      ExtraHosts: spec.extraHosts,
      ...(spec.network === undefined ? {} : { NetworkMode: spec.network }),
      ...limitOptions(spec.limits, capabilities),
    },
  }
}

function unmasked(spec: ContainerSpec, capabilities: EngineCapabilities): Docker.HostConfig {
  return capabilities.product === 'podman' ? unmaskedOnPodman(spec, capabilities) : { MaskedPaths: [], ReadonlyPaths: [] }
}

/** Docker passes over limits that it cannot hold a container to; Podman would not start it. */
function limitOptions({ memoryBytes, cpus, processes }: ContainerLimits, { limits }: EngineCapabilities): Docker.HostConfig {
  return {
    ...(memoryBytes === null || !limits.memory ? {} : memoryLimit(memoryBytes)),
    ...(cpus === null || !limits.cpus ? {} : { NanoCpus: nanoCpus(cpus) }),
    ...(processes === null || !limits.processes ? {} : { PidsLimit: processes }),
  }
}

/**
 * A removed limit must be sent explicitly, since left-out values do not change. For memory and processors that is a number, because there
 * is no word for “all”.
 */
function limitChanges({ memoryBytes, cpus, processes }: ContainerLimits, all: { memoryBytes: number; cpus: number }): Docker.HostConfig {
  return {
    ...memoryLimit(memoryBytes ?? all.memoryBytes),
    NanoCpus: nanoCpus(cpus ?? all.cpus),
    PidsLimit: processes ?? -1,
  }
}

/** With as much again in swap, as the engine has it when only the memory is said; then it cannot be changed later. */
const memoryLimit = (bytes: number) => ({ Memory: bytes, MemorySwap: bytes * 2 })

const nanoCpus = (cpus: number) => Math.round(cpus * 1e9)

function toDetails(details: Docker.ContainerInspectInfo): ContainerDetails {
  // A time that never was has the year 1.
  const timeOf = (text: string) => (new Date(text).getTime() > 0 ? new Date(text) : null)
  return {
    id: details.Id,
    name: withoutSlash(details.Name),
    labels: details.Config.Labels,
    running: details.State.Running,
    paused: details.State.Paused,
    exitCode: details.State.ExitCode,
    startedAt: timeOf(details.State.StartedAt),
    finishedAt: timeOf(details.State.FinishedAt),
    image: familiarReference(details.Config.Image),
    imageId: imageIdOf(details.Image),
    error: details.State.Error,
    outOfMemory: details.State.OOMKilled,
    addresses: Object.values(details.NetworkSettings.Networks).flatMap(({ IPAddress }) => IPAddress || []),
    state: details.State.Status,
    createdAt: new Date(details.Created),
    environment: parseEnvironment(details.Config.Env),
    entrypoint: [details.Config.Entrypoint ?? []].flat(),
    limits: {
      memoryBytes: details.HostConfig.Memory || null,
      // CPUs are counted in billionths.
      cpus: (details.HostConfig.NanoCpus ?? 0) / 1e9 || null,
      processes: (details.HostConfig.PidsLimit ?? 0) > 0 ? (details.HostConfig.PidsLimit ?? null) : null,
    },
    mounts: details.Mounts.map((mount) => ({
      path: mount.Destination,
      kind: mount.Type ?? 'bind',
      volume: mount.Type === 'volume' ? (mount.Name ?? null) : null,
    })),
    ports: publishedPorts(details.HostConfig.PortBindings),
  }
}

/** Entries without a value are left out: they unset a variable of the image. */
export function parseEnvironment(entries: readonly string[] | null | undefined): Record<string, string> {
  const whole = (entries ?? []).filter((entry) => entry.indexOf('=') > 0)
  return Object.fromEntries(whole.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]))
}

/** As configured: current bindings are only reported for running containers. */
function publishedPorts(bindings: unknown): PublishedPort[] {
  return Object.entries(portBindingsSchema.parse(bindings ?? {})).flatMap(([key, hosts]) =>
    (hosts ?? []).map(({ HostIp, HostPort }) => ({
      containerPort: Number.parseInt(key, 10),
      hostAddress: HostIp ?? '',
      hostPort: Number(HostPort ?? '') || 0,
    })),
  )
}

function archiveOf(files: ContainerFile[]): Readable {
  const pack = tar.pack()
  for (const { path, content, mode, uid, gid } of files) pack.entry({ name: path.slice(1), mode, uid, gid }, content)
  pack.finalize()
  return Readable.from(pack)
}

function withoutSlash(name: string): string {
  return name.startsWith('/') ? name.slice(1) : name
}
