import type { BerthEvent } from '../../shared/contract/events'
import { settingsSchema } from '../../shared/contract/settings'
import type { Workspace } from '../../shared/workspace'

/** Feeds of a fake Berth: each begins with the workspaces as they are then, and brings what tests tell. */
export function createFakeEvents(workspaces: ReadonlyMap<string, Workspace>) {
  const feeds = new Set<{ waiting: BerthEvent[]; wake(): void }>()
  return {
    /** How many listen. */
    listeners: () => feeds.size,
    tell(event: BerthEvent): void {
      for (const feed of feeds) {
        feed.waiting.push(event)
        feed.wake()
      }
    },
    async *subscribe(signal: AbortSignal | undefined): AsyncGenerator<BerthEvent> {
      const feed = { waiting: [] as BerthEvent[], wake: () => {} }
      feeds.add(feed)
      signal?.addEventListener('abort', () => feed.wake())
      try {
        yield {
          ...{ type: 'snapshot', engines: [], swarms: [], workspaces: [...workspaces.values()], operations: [], snapshots: [] },
          ...{ terminals: [], terminalLayouts: [], ports: [], settings: settingsSchema.parse({}), adoptable: [], damagedFiles: [] },
        }
        while (!signal?.aborted) {
          yield* feed.waiting.splice(0)
          if (feed.waiting.length > 0) continue
          await new Promise<void>((resolve) => {
            feed.wake = resolve
          })
        }
      } finally {
        feeds.delete(feed)
      }
    },
  }
}
