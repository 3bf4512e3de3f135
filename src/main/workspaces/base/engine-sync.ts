import { setTimeout } from 'node:timers/promises'
import type { EngineState } from '../../../shared/contract/engines'
import { BerthError } from '../../../shared/errors'
import type { ConnectionListener } from '../../engine/connection'
import type { ContainerSummary } from '../../engine/containers'
import type { Engine } from '../../engine/engine'
import type { ContainerEvent, RemovalEvent } from '../../engine/engine-events'
import type { Turns } from '../../engine/turns'
import { log } from '../../log'
import type { Operations } from '../../operations/operations'
import { LABEL_OWNER } from '../../storage/drivers/storage-context'
import type { Storage } from '../../storage/storage'
import type { ForeignWorkspaces } from './foreign-workspaces'
import type { Registry } from './registry'
import { LABEL_MANAGED } from './workspace-resources'

interface EngineSyncOptions {
  /** Id of the place that the engine is. */
  place: string
  engine: Engine
  installationId: string
  storage: Pick<Storage, 'attachPool' | 'sweep' | 'removeLeftHelpers'>
  registry: Registry
  foreignWorkspaces: ForeignWorkspaces
  now: () => Date
  operations: Pick<Operations, 'resume'>
  /** In which each container that runs is looked at. */
  looks: Turns
  /** `isPrepared` of another place. */
  isPrepared: (place: string) => boolean
  /** Each change of the connection’s state. */
  onEngineState: (state: EngineState) => void
  /** All of this Berth's containers, helpers and keepers too, before anything is done with what they use. */
  onOwnContainers: (listed: ContainerSummary[]) => void
  /** A volume or an image is gone, or a container that is no workspace's. */
  onRemoval: (event: RemovalEvent) => void
  /** What runs is known, at each connection. */
  onListed: () => void
}

export interface EngineSync extends ConnectionListener {
  /**
   * Resolves when the contents of the engine are known; waits up to 30 seconds while a connection or the list is in progress. Throws
   * ENGINE_UNREACHABLE if there is no lasting connection. Await it before deciding anything based on what is running.
   */
  ready(): Promise<void>
  /**
   * What it has is known, and what a former process left there is removed: nothing that is taken up there meets that any more. An operation in two
   * places is taken up when the second of them is.
   */
  isPrepared(): boolean
}

const READY_TIMEOUT_MS = 30_000
const FIRST_RETRY_MS = 250
const LONGEST_RETRY_MS = 5000
/** A start takes no longer, or it has failed: see `readiness.ts`. */
const STARTING_MS = 120_000
/** What is on the pool can wait for it; the rest must not. */
const STORAGE_TIMEOUT_MS = 15_000

/**
 * Keeps the registry in step with the engine: one list at each connection, events from then on. Events that come while the
 * list is under way wait for it, so that none is lost and none is overwritten by an older list.
 */
export function createEngineSync(options: EngineSyncOptions): EngineSync {
  const { place, engine, installationId, storage, registry, foreignWorkspaces, now, operations } = options
  const { looks, onOwnContainers, onRemoval, onListed } = options
  /** What is known of the engine. `waiting` holds events that come before the list they belong to. */
  let phase: 'connecting' | 'listing' | 'listed' | 'unreachable' = 'connecting'
  let waiting: ContainerEvent[] = []
  /** Counts connections: a list that was begun over an older one has no say any more. */
  let generation = 0
  let swept = false
  let isPrepared = false
  /** Called at each change of phase. Waiters look at the phase themselves, so none depends on a change that is overtaken by another. */
  const waiters = new Set<() => void>()

  function enter(next: typeof phase): void {
    phase = next
    for (const wake of [...waiters]) wake()
  }

  async function listAll(): Promise<void> {
    generation += 1
    const own = generation
    const isCurrent = () => own === generation
    isPrepared = false
    waiting = []
    enter('listing')
    for (let delay = FIRST_RETRY_MS; isCurrent(); delay = Math.min(delay * 2, LONGEST_RETRY_MS)) {
      try {
        await readEngine(isCurrent)
        return
      } catch (error) {
        log.warn({ err: error }, 'the containers could not be listed')
        // If the connection broke, the next one lists again; otherwise only another attempt can.
        if (!isConnected()) return
      }
      if (isCurrent()) await setTimeout(delay, undefined, { ref: false })
    }
  }

  function isConnected(): boolean {
    try {
      engine.assertConnected()
      return true
    } catch {
      return false
    }
  }

  async function readEngine(isCurrent: () => boolean): Promise<void> {
    // One request for this Berth's own, helpers included, and for others' workspaces: no label is common to them all.
    const all = await engine.containers.list()
    if (!isCurrent()) return
    const listed = all.filter(({ labels }) => labels[LABEL_OWNER] === installationId)
    onOwnContainers(listed)
    await registry.replaceContainers(place, listed)
    void noticeStarting(listed, isCurrent)
    // Nothing waits for what is not this Berth's.
    void foreignWorkspaces.replaceContainers(all.filter(({ labels }) => labels[LABEL_MANAGED] === 'true'))
    await Promise.race([prepareStorage(listed, isCurrent), setTimeout(STORAGE_TIMEOUT_MS, undefined, { ref: false })])
    if (isCurrent()) isPrepared = true
    const isThere = (one: string) => one === place || options.isPrepared(one)
    await operations.resume((_, places) => places.includes(place) && places.every(isThere))
    if (!isCurrent()) return
    const events = waiting
    waiting = []
    enter('listed')
    for (const event of events) apply(event)
    onListed()
  }

  /**
   * A running workspace counts as ready, unless it was started just before Berth connected: that one is watched as if Berth had seen the
   * start. Nothing waits for this: many workspaces need one check each, and the engine may be far away.
   */
  async function noticeStarting(listed: ContainerSummary[], isCurrent: () => boolean): Promise<void> {
    const look = async (id: string) => {
      if (!isCurrent()) return
      const startedAt = (await engine.containers.inspect(id))?.startedAt
      if (isCurrent() && startedAt && now().getTime() - startedAt.getTime() < STARTING_MS) registry.markStarting(id)
    }
    const running = listed.filter(({ id, state }) => state === 'running' && registry.isRunning(id))
    for (const looked of await Promise.allSettled(running.map(({ id }) => looks.take(place, () => look(id))))) {
      // The next connection brings another list.
      if (looked.status === 'rejected' && isConnected()) log.warn({ err: looked.reason }, 'the start of a container could not be looked up')
    }
  }

  /** A pool that cannot be had must not keep workspaces that are elsewhere from starting. */
  async function prepareStorage(listed: ContainerSummary[], isCurrent: () => boolean): Promise<void> {
    await removeLeftHelpers(listed, isCurrent)
    try {
      await storage.attachPool()
      if (!swept) await storage.sweep()
      swept = true
    } catch (error) {
      // Else the next connection prepares it, or there is none any more.
      if (isConnected()) log.error({ err: error }, 'the storage pool could not be prepared')
    }
  }

  /** Whatever becomes of the pool: an operation that is taken back cannot remove the volumes which they use. */
  async function removeLeftHelpers(listed: ContainerSummary[], isCurrent: () => boolean): Promise<void> {
    for (let delay = FIRST_RETRY_MS; isCurrent() && isConnected(); delay = Math.min(delay * 2, LONGEST_RETRY_MS)) {
      try {
        return await storage.removeLeftHelpers(listed)
      } catch (error) {
        log.warn({ err: error }, 'helper containers of an earlier process could not be removed')
      }
      await setTimeout(delay, undefined, { ref: false })
    }
  }

  function apply(event: ContainerEvent): void {
    registry.applyEvent(place, event)
    foreignWorkspaces.applyEvent(event)
  }

  /** Resolves at the next change of phase. Throws when the deadline comes first. */
  async function nextPhase(deadline: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    waiters.add(resolve)
    deadline.addEventListener('abort', () => resolve(), { once: true })
    await promise
    waiters.delete(resolve)
    if (deadline.aborted) throw notReady(engine)
  }

  return {
    async ready() {
      if (phase === 'connecting' || phase === 'listing') {
        const deadline = AbortSignal.timeout(READY_TIMEOUT_MS)
        while (phase === 'connecting' || phase === 'listing') await nextPhase(deadline)
      }
      engine.assertConnected()
    },
    isPrepared: () => isPrepared,
    onState(state) {
      options.onEngineState(state)
      switch (state.status) {
        case 'connected':
          void listAll()
          return
        case 'connecting':
        case 'unreachable':
          generation += 1
          isPrepared = false
          enter(state.status)
          return
        default:
          state satisfies never
      }
    },
    onQuiet: options.onEngineState,
    onRemoval,
    onContainerEvent(event) {
      if (phase === 'listing') waiting.push(event)
      else apply(event)
    },
  }
}

function notReady(engine: Pick<Engine, 'state' | 'assertConnected'>): BerthError<'ENGINE_UNREACHABLE'> {
  // If there is no connection at all, that says more.
  engine.assertConnected()
  const state = engine.state()
  const endpoint = state.status === 'connected' ? state.endpoint : ''
  const reason = `it did not list its containers within ${READY_TIMEOUT_MS / 1000} s`
  return new BerthError('ENGINE_UNREACHABLE', `The engine at ${endpoint} is not ready: ${reason}.`, {
    endpoint,
    tried: [{ endpoint, reason }],
    next: 'Check the engine’s log. Berth keeps trying.',
  })
}
