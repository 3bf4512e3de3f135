import { isBerthError } from '../../shared/errors'
import type { Engine } from '../engine/engine'
import { listNestedContainers } from '../engine/nested-containers'
import type { Turns } from '../engine/turns'
import { log } from '../log'
import { type Sighting, watchListeners } from './listener-watch'
import { containersSeen } from './listeners'

/** Before a watcher that ended although its workspace runs is started again. */
const RESTART_MS = 2000
/** Of a watch of one container, before it is left until the engine is back: some four minutes. */
const MOST_FAILURES = 7
/** A report is taken at most this often; of those that come meanwhile only the latest. */
const REPORT_MS = 100

/** What listens in one run of a workspace, from its beginning until it is ended. */
export interface WorkspaceWatch {
  containerId: string
  /** Resolves once the first report was taken, or it is known that none comes for now. Never rejects. */
  settled: Promise<void>
  /** Its image has no program that would say what listens: nothing is open. */
  isAbsent(): boolean
  /** Begins again if it has failed: what kept it from watching may be over. */
  retry(): void
  end(): void
}

interface WorkspaceWatchOptions {
  engine: () => Pick<Engine, 'exec'>
  /** Of the engine: a start of the program waits for its turn there. */
  engineName: string
  turns: Turns
  containerId: string
  /** Of the workspace, for messages. */
  name: () => string
  /** Called with one report after the other, each when the one before was taken; `names` are of nested containers, by id. */
  take(sightings: Sighting[], names: ReadonlyMap<string, string>): Promise<void>
}

export function watchWorkspace({ engine, engineName, turns, containerId, name, take }: WorkspaceWatchOptions): WorkspaceWatch {
  const closing = new AbortController()
  const { signal } = closing
  const settled = Promise.withResolvers<void>()
  let hasFailed = false
  let failures = 0
  let isAbsent = false
  let names = new Map<string, string>()

  function begin(): void {
    hasFailed = false
    watch().catch((error: unknown) => {
      settled.resolve()
      if (signal.aborted) return
      hasFailed = true
      log.warn({ err: error, workspace: name() }, 'the ports of a workspace cannot be watched')
      failures += 1
      if (failures <= MOST_FAILURES) setTimeout(retry, RESTART_MS * 2 ** (failures - 1)).unref()
    })
  }

  function retry(): void {
    if (hasFailed && !signal.aborted) begin()
  }

  async function watch(): Promise<void> {
    // One at a time, and of those that come meanwhile the latest: a flood of reports must not fill the memory.
    let waiting: Sighting[] | null = null
    let isTaking = false
    async function takeAll(): Promise<void> {
      isTaking = true
      while (waiting && !signal.aborted) {
        const sightings = waiting
        waiting = null
        await takeOne(sightings).catch((error: unknown) => log.warn({ err: error }, 'a report of ports could not be read'))
        settled.resolve()
        await new Promise((resolve) => setTimeout(resolve, REPORT_MS).unref())
      }
      isTaking = false
    }
    const onReport = (sightings: Sighting[]) => {
      waiting = sightings
      if (!isTaking) void takeAll()
    }
    const startInTurn: Pick<Engine, 'exec'> = { exec: { start: (program) => turns.take(engineName, () => start(program)) } }
    const start: Engine['exec']['start'] = (program) => {
      signal.throwIfAborted()
      return engine().exec.start(program)
    }
    for (;;) {
      const isThere = await watchListeners(startInTurn, containerId, { signal, onReport })
      if (signal.aborted) return
      if (!isThere) {
        isAbsent = true
        settled.resolve()
        return
      }
      await new Promise((resolve) => setTimeout(resolve, RESTART_MS).unref())
      if (signal.aborted) return
    }
  }

  async function takeOne(sightings: Sighting[]): Promise<void> {
    if (containersSeen(sightings).some((id) => !names.has(id))) names = await namesOfContainers(engine(), containerId)
    if (!signal.aborted) await take(sightings, names)
  }

  begin()
  return {
    containerId,
    settled: settled.promise,
    isAbsent: () => isAbsent,
    retry,
    end() {
      closing.abort()
      settled.resolve()
    },
  }
}

/** By id; without them ids are shown. */
async function namesOfContainers(engine: Pick<Engine, 'exec'>, containerId: string): Promise<Map<string, string>> {
  try {
    return new Map((await listNestedContainers(engine, containerId)).map(({ id, name }) => [id, name]))
  } catch (error) {
    if (!isBerthError(error, 'EXEC_FAILED')) throw error
    log.debug({ err: error, containerId }, 'the nested containers could not be listed')
    return new Map()
  }
}
