import { isBerthError } from '../../../shared/errors'
import type { Engine } from '../../engine/engine'
import { log } from '../../log'
import type { WorkspaceRecord } from '../../settings/records'
import type { HandOvers } from '../base/hand-overs'
import type { Registry } from '../base/registry'
import { type Ready, waitUntilReady } from './readiness'

const FIRST_RETRY_MS = 1000
const LONGEST_RETRY_MS = 60_000
/** Over some five minutes. */
const MOST_TRIES = 10

interface ReadinessWatchesOptions {
  engineOf: (record: WorkspaceRecord) => Pick<Engine, 'exec' | 'containers'>
  registry: Pick<Registry, 'containerOf' | 'markReady'>
  handOvers: Pick<HandOvers, 'forWatch'>
  onReady(workspaceId: string, ready: Ready): void
}

/** Containers that were started without an operation that waits for them. */
export interface ReadinessWatches {
  /**
   * Tells the registry when the container is ready. A watch that fails while the container is running is begun again; one of an
   * earlier run of the container ends.
   */
  watch(record: WorkspaceRecord, containerId: string): void
  close(): void
}

export function createReadinessWatches({ engineOf, registry, handOvers, onReady }: ReadinessWatchesOptions): ReadinessWatches {
  const watches = new Map<string, AbortController>()
  let isClosed = false

  function begin(record: WorkspaceRecord, containerId: string, current: AbortController, tries: number): void {
    const { signal } = current
    const handOver = handOvers.forWatch(record, containerId)
    waitUntilReady(engineOf(record), { name: record.name, containerId }, { signal, handOver }).then(
      (ready) => {
        if (signal.aborted) return
        registry.markReady(record.id, containerId)
        onReady(record.id, ready)
      },
      (error: unknown) => {
        if (signal.aborted) return
        log.info({ err: error, workspace: record.name }, 'a container that was started outside did not become ready')
        // After two minutes it is no longer awaited.
        if (isBerthError(error, 'TIMED_OUT') || tries === MOST_TRIES) return
        const again = () => {
          const container = registry.containerOf(record.id)
          const isWaitedFor = container?.containerId === containerId && container.running && !container.ready
          if (isWaitedFor && !signal.aborted) begin(record, containerId, current, tries + 1)
        }
        setTimeout(again, Math.min(FIRST_RETRY_MS * 2 ** (tries - 1), LONGEST_RETRY_MS)).unref()
      },
    )
  }

  return {
    watch(record, containerId) {
      if (isClosed) return
      watches.get(record.id)?.abort()
      const current = new AbortController()
      watches.set(record.id, current)
      begin(record, containerId, current, 1)
    },
    close() {
      isClosed = true
      for (const watch of watches.values()) watch.abort()
    },
  }
}
