import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type Docker from 'dockerode'
import { z } from 'zod'
import { type EngineConnection, request } from './connection'
import { engineError, nullIfMissing } from './engine-errors'
import { linesOf } from './lines-of'

const ASK_MS = 1000
const READING = 'read the usage figures of the container'

const counter = z.number().default(0)

/** What is used of the engine's figures (`GET /containers/{id}/stats`): counters since the container's start. */
const rawStatsSchema = z.object({
  read: z.iso.datetime({ offset: true }),
  cpu_stats: z.object({ cpu_usage: z.object({ total_usage: counter }) }),
  memory_stats: z
    .object({
      usage: counter,
      limit: counter,
      stats: z.object({ total_inactive_file: z.number().optional(), inactive_file: z.number().optional() }).optional(),
    })
    .partial(),
  networks: z.record(z.string(), z.object({ rx_bytes: counter, tx_bytes: counter })).optional(),
  blkio_stats: z.object({ io_service_bytes_recursive: z.array(z.object({ op: z.string(), value: counter })).nullish() }).partial(),
  pids_stats: z.object({ current: counter }).partial(),
})

/** Counters of a container at one moment, since its start. */
export interface ContainerCounters {
  time: Date
  cpuNanoseconds: number
  /** Without the page cache. */
  memoryBytes: number
  memoryLimitBytes: number
  receivedBytes: number
  sentBytes: number
  readBytes: number
  writtenBytes: number
  processes: number
}

/** From the engine's own figures, of control groups of either version. null for those of a container that does not run. */
export function toCounters(raw: unknown): ContainerCounters | null {
  const { read, cpu_stats: cpu, memory_stats: memory, networks = {}, blkio_stats: disk, pids_stats: pids } = rawStatsSchema.parse(raw)
  const time = new Date(read)
  // A time that never was has the year 1.
  if (time.getTime() < 0) return null
  const { usage = 0, limit = 0, stats = {} } = memory
  const transfers = disk.io_service_bytes_recursive ?? []
  const bytesOf = (operation: string) => sum(transfers.map(({ op, value }) => (op.toLowerCase() === operation ? value : 0)))
  return {
    time,
    cpuNanoseconds: cpu.cpu_usage.total_usage,
    // The name is another in each version of control groups.
    memoryBytes: Math.max(0, usage - (stats.total_inactive_file ?? stats.inactive_file ?? 0)),
    memoryLimitBytes: limit,
    receivedBytes: sum(Object.values(networks).map(({ rx_bytes }) => rx_bytes)),
    sentBytes: sum(Object.values(networks).map(({ tx_bytes }) => tx_bytes)),
    readBytes: bytesOf('read'),
    writtenBytes: bytesOf('write'),
    processes: pids.current ?? 0,
  }
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)

/** About once a second while the container runs, until the signal ends it. Throws ENGINE_UNREACHABLE, ENGINE_REFUSED. */
export function watchCounters(connection: EngineConnection, id: string, signal: AbortSignal): AsyncGenerator<ContainerCounters> {
  return connection.capabilities().product === 'podman' ? askCounters(connection, id, signal) : streamCounters(connection, id, signal)
}

/** Podman's stream has the figures every five seconds only; asked for once, it has them at once. */
async function* askCounters(connection: EngineConnection, id: string, signal: AbortSignal): AsyncGenerator<ContainerCounters> {
  while (!signal.aborted) {
    const counters = await request(connection, READING, async (docker) => {
      const container = docker.getContainer(id)
      const details = await nullIfMissing(container.inspect())
      // It answers for one that does not run too, with what it was the last time.
      return details?.State.Running ? toCounters(await container.stats({ stream: false })) : null
    })
    if (counters === null) return
    yield counters
    await sleep(ASK_MS, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }
}

async function* streamCounters(connection: EngineConnection, id: string, signal: AbortSignal): AsyncGenerator<ContainerCounters> {
  const source = await request(connection, READING, (docker) => openStats(docker, id))
  const end = () => source.destroy()
  signal.addEventListener('abort', end, { once: true })
  if (signal.aborted) end()
  try {
    for await (const line of linesOf(source)) {
      const counters = toCounters(JSON.parse(line))
      if (counters === null) return
      yield counters
    }
  } catch (error) {
    if (signal.aborted) return
    throw engineError(error, READING, connection.endpoint())
  } finally {
    signal.removeEventListener('abort', end)
    source.destroy()
  }
}

async function openStats(docker: Docker, id: string): Promise<Readable> {
  // An HTTP response: a Readable of Node's, though its type says less.
  return (await docker.getContainer(id).stats({ stream: true })) as Readable
}
