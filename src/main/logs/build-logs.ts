import { createReadStream } from 'node:fs'
import { appendFile, mkdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Operation } from '../../shared/operation'
import { OPERATIONS } from '../../shared/operation-kinds'
import { log } from '../log'
import { createLineReader } from './line-reader'
import type { LogSource } from './log-source'

/** A file becomes the old one at this size, and the old one goes. */
const MOST_BYTES = 512 * 1024

/** How each workspace was made, kept under BERTH_HOME/logs as long as the workspace. */
export interface BuildLogs {
  /** To be called at each change of an operation. */
  note(operation: Operation): void
  remove(workspaceId: string): void
  bytes(workspaceId: string): Promise<number | null>
  source(workspaceId: string): LogSource
  /** Resolves when all that was noted is written. */
  settle(): Promise<void>
}

export function createBuildLogs(home: string, now: () => Date): BuildLogs {
  const folder = join(home, 'logs')
  const told = new Map<string, { title: string; detail: string | null }>()
  let work: Promise<void> = Promise.resolve()

  const paths = (workspaceId: string) => {
    const current = join(folder, `${workspaceId}.build.log`)
    return { current, old: `${current}.old` }
  }

  /** One after the other, so that lines keep their order. */
  function enqueue(job: () => Promise<void>): void {
    work = work.then(job).catch((error: unknown) => log.error({ err: error }, 'the creation log of a workspace could not be written'))
  }

  function write(workspaceId: string, text: string): void {
    const line = `${now().toISOString()} ${text}\n`
    enqueue(async () => {
      const { current, old } = paths(workspaceId)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await appendFile(current, line, { mode: 0o600 })
      if ((await stat(current)).size > MOST_BYTES) await rename(current, old)
    })
  }

  async function sizeOf(path: string): Promise<number | null> {
    try {
      return (await stat(path)).size
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
      throw error
    }
  }

  return {
    note(operation) {
      const { id, kind, workspaceId, steps, endedAt, error } = operation
      if (workspaceId === null || !OPERATIONS[kind].isBuild) return
      const last = told.get(id)
      const step = steps.find(({ status }) => status === 'running' || status === 'failed')
      if (step && step.title !== last?.title) write(workspaceId, step.title)
      if (step && step.detail !== null && step.detail !== last?.detail) write(workspaceId, `  ${step.detail}`)
      if (step) told.set(id, { title: step.title, detail: step.detail })
      if (endedAt === null) return
      told.delete(id)
      write(workspaceId, error === null ? 'Done' : `ERROR: ${error.message}`)
    },
    remove(workspaceId) {
      const { current, old } = paths(workspaceId)
      enqueue(async () => {
        await Promise.all([rm(current, { force: true }), rm(old, { force: true })])
      })
    },
    async bytes(workspaceId) {
      const { current, old } = paths(workspaceId)
      const sizes = await Promise.all([sizeOf(old), sizeOf(current)])
      return sizes.every((size) => size === null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
    },
    source(workspaceId) {
      const { current, old } = paths(workspaceId)
      return {
        seekable: false,
        async *read({ tail, since, until, signal }) {
          await work
          const lines = createLineReader({ tail, since, until })
          for (const path of [old, current]) {
            if (signal.aborted) return
            if ((await sizeOf(path)) === null) continue
            for await (const bytes of createReadStream(path) as AsyncIterable<Buffer>) yield* lines.take(bytes)
          }
          yield* lines.endOfWhatIsThere({ flush: true })
        },
      }
    },
    settle: () => work,
  }
}
