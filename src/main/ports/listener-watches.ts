import type { PortListener } from '../../shared/port-forward'
import type { Workspace } from '../../shared/workspace'
import type { Engine } from '../engine/engine'
import { createTurns } from '../engine/turns'
import { toListeners } from './listeners'
import { chooseWatched, STARTS_AT_ONCE } from './watched-workspaces'
import { type WorkspaceWatch, watchWorkspace } from './workspace-watch'

/** What listens in a workspace that was not watched is waited for so long; then it counts as unknown. */
const FIRST_REPORT_MS = 5000

/** What listens in the workspaces that run: in all of them or, where many run, in those that somebody is at and those that were used last. */
export interface ListenerWatches {
  /** null while they are not known. */
  listeners(workspaceId: string): PortListener[] | null
  /** Whether that is because it runs and is not watched. */
  isUnwatched(workspaceId: string): boolean
  /** Must be called at each change of a workspace; `containerId` is the running container, or null. */
  onWorkspace(workspace: Workspace, containerId: string | null): void
  onWorkspaceRemoved(workspaceId: string): void
  /** It was used: it is watched from now on. Resolves when what listens is known, or cannot be for now; within five seconds. */
  use(workspaceId: string): Promise<void>
  /** Somebody is at it, until the returned function is called. */
  hold(workspaceId: string): () => void
  /** Begins and ends watches, so that those go on that are to. Once for all that changes at the same time. */
  chooseSoon(): void
  /** What runs is known again: watches that failed while the engine was away go on. */
  onEngineBack(isThere: (workspaceId: string) => boolean): void
  close(): void
}

interface ListenerWatchesOptions {
  engineOf: (workspaceId: string) => Pick<Engine, 'exec'>
  /** Names of the engines that are there now. */
  connectedEngines: () => ReadonlySet<string>
  /** Those that have terminals: somebody is at them. */
  withTerminals: () => ReadonlySet<string>
  /** Others listen there than before; awaited before the next report is taken. */
  onReport: (workspaceId: string) => Promise<void>
  /** It is not watched any more. */
  onUnknown: (workspaceId: string) => void
  now: () => Date
}

interface Watched {
  workspace: Workspace
  /** The container that runs; null when none does. */
  run: string | null
  watch: WorkspaceWatch | null
  listeners: PortListener[] | null
  /** How many are at it now. */
  holds: number
  /** Milliseconds since 1970: by the record, and by what was seen here. */
  lastUse: number
}

export function createListenerWatches(options: ListenerWatchesOptions): ListenerWatches {
  const { engineOf, connectedEngines, withTerminals, onReport, onUnknown, now } = options
  const all = new Map<string, Watched>()
  const turns = createTurns(STARTS_AT_ONCE)
  let isDue = false

  function chooseSoon(): void {
    if (isDue) return
    isDue = true
    queueMicrotask(() => {
      isDue = false
      choose()
    })
  }

  function choose(): void {
    const [busy, connected] = [withTerminals(), connectedEngines()]
    // On an engine that is away all stays as it is, and keeps nothing elsewhere from being watched; where nothing says what listens nothing is open.
    const choosable = [...all].filter(
      ([, { workspace, run, watch }]) => run !== null && !watch?.isAbsent() && connected.has(workspace.engine ?? ''),
    )
    const chosen = chooseWatched(
      choosable.map(([id, { workspace, holds, lastUse }]) => ({
        ...{ id, engine: workspace.engine, isHeld: holds > 0 || busy.has(id), lastUse },
      })),
    )
    // First those that end, so that there are never more.
    for (const [id, watched] of choosable) if (!chosen.has(id)) end(id, watched)
    for (const [id, watched] of choosable) if (chosen.has(id) && watched.run !== null) watched.watch ??= begin(id, watched, watched.run)
  }

  function begin(id: string, watched: Watched, containerId: string): WorkspaceWatch {
    return watchWorkspace({
      engine: () => engineOf(id),
      engineName: watched.workspace.engine ?? '',
      turns,
      containerId,
      name: () => watched.workspace.name,
      async take(sightings, names) {
        watched.listeners = toListeners(sightings, names)
        await onReport(id)
      },
    })
  }

  function end(id: string, watched: Watched): void {
    if (watched.watch === null) return
    watched.watch.end()
    watched.watch = null
    watched.listeners = null
    onUnknown(id)
  }

  function touch(watched: Watched): void {
    watched.lastUse = Math.max(watched.lastUse, now().getTime())
  }

  return {
    listeners: (id) => all.get(id)?.listeners ?? null,
    isUnwatched(id) {
      const watched = all.get(id)
      return watched !== undefined && watched.run !== null && watched.listeners === null
    },
    onWorkspace(workspace, containerId) {
      const { id, lastUsedAt, startedAt, createdAt } = workspace
      const known = all.get(id)
      const watched = known ?? { workspace, run: null, watch: null, listeners: null, holds: 0, lastUse: 0 }
      all.set(id, watched)
      watched.workspace = workspace
      const times = [lastUsedAt, startedAt, createdAt].map((time) => (time === null ? 0 : Date.parse(time)))
      const lastUse = Math.max(watched.lastUse, ...times)
      const isSame = watched.run === containerId && watched.lastUse === lastUse
      watched.lastUse = lastUse
      if (isSame) return
      if (watched.run !== containerId) {
        end(id, watched)
        // Whoever starts it is about to use it. What ran when Berth began was used when its record says.
        if (known && containerId !== null) touch(watched)
        watched.run = containerId
      }
      chooseSoon()
    },
    onWorkspaceRemoved(id) {
      all.get(id)?.watch?.end()
      all.delete(id)
      chooseSoon()
    },
    async use(id) {
      const watched = all.get(id)
      if (!watched) return
      touch(watched)
      if (watched.watch === null) choose()
      if (watched.watch !== null && watched.listeners === null) await within(FIRST_REPORT_MS, watched.watch.settled)
    },
    hold(id) {
      const watched = all.get(id)
      if (!watched) return () => undefined
      watched.holds += 1
      chooseSoon()
      return () => {
        watched.holds -= 1
        touch(watched)
        chooseSoon()
      }
    },
    chooseSoon,
    onEngineBack(isThere) {
      for (const [id, { watch }] of all) if (isThere(id)) watch?.retry()
      chooseSoon()
    },
    close() {
      for (const { watch } of all.values()) watch?.end()
      all.clear()
    },
  }
}

async function within(milliseconds: number, settled: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds).unref()
  })
  await Promise.race([settled, late])
  clearTimeout(timer)
}
