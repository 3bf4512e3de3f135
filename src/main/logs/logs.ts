import { nanoid } from 'nanoid'
import type { z } from 'zod'
import type { LogSourceInfo, LogSourceName, logs } from '../../shared/contract/logs'
import type { LogBatch, LogEntry } from '../../shared/contract/workspaces'
import { BerthError, isBerthError, toProblem } from '../../shared/errors'
import type { StreamChannel } from '../../shared/stream-frames'
import type { Containers } from '../engine/containers'
import type { Machine } from '../engine/machine'
import { unexpectedError } from '../unexpected-error'
import type { BuildLogs } from './build-logs'
import { createFileSource } from './file-source'
import { followLog } from './follow-log'
import type { LogSource } from './log-source'
import { streamLog } from './log-stream'
import { createLogWriter, type LogWriter } from './log-writer'
import type { SERVICE_LOGS } from './service-logs'

/** A stream that nobody attaches to within this time is forgotten. */
const LONELY_MILLISECONDS = 30_000

export interface LogWorkspace {
  id: string
  container: { containerId: string; running: boolean } | null
  /** Files with logs, where the workspace is. */
  logs: Partial<typeof SERVICE_LOGS>
}

export type OpenLogInput = z.output<NonNullable<(typeof logs.open)['~orpc']['inputSchema']>>

export interface ReadLogInput {
  workspace: string
  source: LogSourceName
  follow: boolean
  tail: number
  since?: string | undefined
  until?: string | undefined
}

export interface Logs {
  /** Those that there are, running or not. Throws WORKSPACE_NOT_FOUND, and what the engine throws. */
  sources(workspace: string): Promise<LogSourceInfo[]>
  /** Lines in batches; the next one is read when it is asked for. Throws WORKSPACE_NOT_FOUND, and what the engine throws. */
  read(input: ReadLogInput, signal: AbortSignal): AsyncGenerator<LogBatch, void, undefined>
  /** At most `count` of them, the last there are. Throws what `read` throws. */
  lastLines(workspace: string, source: LogSourceName, count: number, signal: AbortSignal): Promise<LogEntry[]>
  /** Throws WORKSPACE_NOT_FOUND. What goes wrong later is told on the stream. */
  open(input: OpenLogInput): { streamId: string }
  /** Whether there is such a stream, and nobody has it yet. */
  isOpen(streamId: string): boolean
  /** The stream is that channel's from then on, and ends with it. Throws SESSION_NOT_FOUND. */
  attach(streamId: string, channel: StreamChannel): void
  /** Ends all streams. */
  closeAll(): void
}

/** Without `logEntries` there is no container with its own log. */
type LogMachine = Machine & { containers: Partial<Pick<Containers, 'logEntries'>> }

interface LogsOptions {
  /** Where that workspace is. */
  machineOf: (workspaceId: string) => LogMachine
  buildLogs: BuildLogs
  /** Throws WORKSPACE_NOT_FOUND. */
  resolveWorkspace: (reference: string) => LogWorkspace
}

export function createLogs({ machineOf, buildLogs, resolveWorkspace }: LogsOptions): Logs {
  const opened = new Map<string, { input: OpenLogInput; lonelyTimer: NodeJS.Timeout }>()
  const writers = new Set<LogWriter>()

  function sourceOf({ id, container, logs: files }: LogWorkspace, name: LogSourceName): LogSource {
    if (name === 'build') return buildLogs.source(id)
    if (container === null) return NO_LOG
    const { containerId, running } = container
    const { logEntries } = machineOf(id).containers
    if (name === 'container') return logEntries ? { seekable: true, read: (options) => logEntries(containerId, options) } : NO_LOG
    const path = files[name]
    return path === undefined ? NO_LOG : createFileSource({ engine: machineOf(id), containerId, running, paths: withFormer(path) })
  }

  async function sizeOf({ id, container, logs: files }: LogWorkspace, name: LogSourceName): Promise<LogSourceInfo | null> {
    if (name === 'build') {
      const bytes = await buildLogs.bytes(id)
      return bytes === null ? null : { source: name, bytes }
    }
    if (container === null) return null
    const { containers } = machineOf(id)
    if (name === 'container') return containers.logEntries ? { source: name, bytes: null } : null
    const path = files[name]
    if (path === undefined) return null
    const sizes = await Promise.all(withFormer(path).map((file) => containers.fileSize(container.containerId, file)))
    if (sizes.every((size) => size === null)) return null
    return { source: name, bytes: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0) }
  }

  async function serve(input: OpenLogInput, writer: LogWriter): Promise<void> {
    writers.add(writer)
    try {
      await streamLog(sourceOf(resolveWorkspace(input.workspace), input.source), withDates(input), writer)
    } catch (error) {
      const known = isBerthError(error) ? error : unexpectedError(error, 'a log could not be read')
      writer.send({ kind: 'problem', json: JSON.stringify(toProblem(known)) })
    } finally {
      writer.sendExit()
      writer.close()
      writers.delete(writer)
    }
  }

  function read(input: ReadLogInput, signal: AbortSignal) {
    const source = sourceOf(resolveWorkspace(input.workspace), input.source)
    return followLog((either) => source.read({ ...withDates(input), signal: either }), signal)
  }

  return {
    async sources(reference) {
      const workspace = resolveWorkspace(reference)
      const names: LogSourceName[] = ['container', 'init', 'post-start', 'build', 'devcontainer', 'engine', 'ssh']
      const found = await Promise.all(names.map((name) => sizeOf(workspace, name)))
      return found.filter((info) => info !== null)
    },
    read,
    async lastLines(workspace, source, count, signal) {
      const lines: LogEntry[] = []
      for await (const { entries } of read({ workspace, source, follow: false, tail: count }, signal)) lines.push(...entries)
      return lines.slice(-count)
    },
    open(input) {
      resolveWorkspace(input.workspace)
      const streamId = `log-${nanoid()}`
      const lonelyTimer = setTimeout(() => opened.delete(streamId), LONELY_MILLISECONDS)
      lonelyTimer.unref()
      opened.set(streamId, { input, lonelyTimer })
      return { streamId }
    },
    isOpen: (streamId) => opened.has(streamId),
    attach(streamId, channel) {
      const stream = opened.get(streamId)
      if (!stream) throw notFound(streamId)
      opened.delete(streamId)
      clearTimeout(stream.lonelyTimer)
      void serve(stream.input, createLogWriter(channel))
    },
    closeAll() {
      for (const { lonelyTimer } of opened.values()) clearTimeout(lonelyTimer)
      opened.clear()
      for (const writer of writers) writer.close()
    },
  }
}

/** With that of the run before. */
const withFormer = (path: string): string[] => [`${path}.old`, path]

function withDates<Input extends { since?: string | undefined; until?: string | undefined }>(
  input: Input,
): Omit<Input, 'since' | 'until'> & { since: Date | undefined; until: Date | undefined } {
  const date = (time: string | undefined) => (time === undefined ? undefined : new Date(time))
  return { ...input, since: date(input.since), until: date(input.until) }
}

const NO_LOG: LogSource = { seekable: false, async *read() {} }

function notFound(sessionId: string): BerthError {
  return new BerthError('SESSION_NOT_FOUND', `The log stream ${sessionId} does not exist.`, { sessionId, next: 'Open a new one.' })
}
