import { nanoid } from 'nanoid'
import { isBerthError, toProblem } from '../../shared/errors'
import type { Operation } from '../../shared/operation'
import type { OperationKind } from '../../shared/operation-kinds'
import { hasEnded } from '../../shared/operation-state'
import { log } from '../log'
import type { Journal, JournalEntry } from './journal'
import type { OperationDefinition } from './operation-definition'
import { asBerthError, busyError, notCancellable, notFound, notWaiting } from './operation-errors'
import { type FaultPoint, OperationRun, type RunStart } from './operation-run'
import { endedOperation, withNotice } from './operation-view'
import { leftOperation, operationFromRemains, reportedOperation, takeUp } from './recovery'
import { conflictAmong, createShortHolds, type OperationSubject } from './workspace-locks'

/** Long work: begun here, watched and cancelled through any door, taken up again after a crash. */
export interface Operations {
  /**
   * Begins an operation and returns at once. First takes the lock on its subject; then `prepare` reads what it acts on, and can throw why
   * it is not possible. Throws WORKSPACE_BUSY if another operation runs on the same workspace.
   */
  begin<Input>(definition: OperationDefinition<Input>, subject: OperationSubject, prepare: () => Input | Promise<Input>): Promise<Operation>
  /**
   * Runs a change that is too small for an operation while no operation runs on the workspace; one such change after the other. Operations
   * that begin in the meantime wait for it. Throws WORKSPACE_BUSY. `work` must not begin an operation on the workspace.
   */
  whileIdle<Result>(workspaceId: string, work: () => Promise<Result>): Promise<Result>
  /** Newest first. */
  list(workspaceId?: string): Operation[]
  /** Throws OPERATION_NOT_FOUND. */
  get(id: string): Operation
  /** The one that runs on the workspace. */
  activeOn(workspaceId: string): Operation | null
  /** Whether one runs on the workspace, reads it, or is being prepared for it. */
  holds(workspaceId: string): boolean
  /** What a former process left half done and nobody has taken up yet, with its input as it was journaled. */
  left(): { workspaceId: string | null; input: unknown }[]
  /** Whether one that has not ended works in that place. */
  isAtWorkIn(place: string): boolean
  /** Throws WORKSPACE_BUSY when one runs on the workspace. */
  assertIdle(workspaceId: string): void
  /** Resolves when it has ended, however. */
  whenEnded(id: string): Promise<Operation>
  /** Resolves when it has ended, or cannot go on by itself and needs a decision. */
  whenDecidable(id: string): Promise<Operation>
  /** Resolves when it has ended, or waits for something and is to be tried again. */
  whenStill(id: string): Promise<Operation>
  /** Resolves when what it did is undone, or the undoing waits for something. Throws OPERATION_NOT_CANCELLABLE. */
  cancel(id: string): Promise<Operation>
  /** Tries again at once what waits. Resolves when that has ended or waits again. Throws OPERATION_NOT_WAITING. */
  retry(id: string): Promise<Operation>
  /** Ends one that waits or needs a decision as failed, with notices of what it leaves. Throws OPERATION_NOT_WAITING. */
  accept(id: string): Promise<Operation>
  /**
   * Takes up what a former process or a lost engine left half done, of those that are asked for: by default all, else by their kind and the ids of the
   * places that they work in. To be called each time an engine is connected.
   */
  resume(isMeant?: (kind: OperationKind, places: string[]) => boolean): Promise<void>
  onChange(listener: (operation: Operation) => void): () => void
  /** Resolves when nothing runs any more or the time is over; for the end of the process. What waits is not tried again. */
  settle(milliseconds: number): Promise<void>
}

/** Calls back once after that time unless the returned function is called first. */
export type Timer = (milliseconds: number, callback: () => void) => () => void

interface OperationsOptions {
  journal: Journal
  now: () => Date
  /** Every kind there is, so that a journal entry finds its steps again. */
  definitions: () => OperationDefinition<never>[]
  /** Left out: the machine's clock, which does not keep the process alive. */
  timer?: Timer | undefined
  onFaultPoint?: ((point: FaultPoint) => void) | undefined
}

const KEPT_ENDED = 200

export async function createOperations(options: OperationsOptions): Promise<Operations> {
  const { journal, now, definitions, onFaultPoint, timer = machineTimer } = options
  const listeners = new Set<(operation: Operation) => void>()
  /** Oldest first. */
  const known = new Map<string, Operation>()
  /** They hold their workspaces already, and are shown once they know what to do. */
  const preparing = new Map<string, { operation: Operation; decided: Promise<Operation> }>()
  const runs = new Map<string, OperationRun<never>>()
  const parked = new Map<string, OperationRun<never>>()
  const retries = new Map<string, () => void>()
  const leftOver = new Map<string, JournalEntry>()
  /** Nobody knows how to finish these. */
  const reported = new Set<string>()
  const underWay = new Set<Promise<void>>()
  const holds = createShortHolds()
  let closing = false

  const { entries, unreadable } = await journal.readAll()
  for (const entry of entries) {
    const { id } = entry.operation
    known.set(id, entry.pending ? leftOperation(entry.operation) : entry.operation)
    if (entry.pending) leftOver.set(id, entry)
  }
  for (const entry of unreadable) {
    log.error({ file: entry.file, reason: entry.reason }, 'a journal entry cannot be read, and is reported')
    known.set(entry.operationId, operationFromRemains(entry, now()))
    reported.add(entry.operationId)
  }

  function changed(operation: Operation): void {
    known.set(operation.id, operation)
    for (const listener of [...listeners]) listener(operation)
  }

  function* holding(): Generator<Operation> {
    yield* known.values()
    for (const { operation } of preparing.values()) yield operation
  }

  function activeOn(workspaceId: string): Operation | null {
    for (const operation of known.values()) if (operation.workspaceId === workspaceId && !hasEnded(operation)) return operation
    return null
  }

  function createRun<Input>(definition: OperationDefinition<Input>, input: Input, operation: Operation, start: RunStart) {
    return new OperationRun(definition, input, operation, start, {
      journal,
      now,
      onChange: changed,
      onFaultPoint,
    }) as unknown as OperationRun<never>
  }

  function proceed(run: OperationRun<never>): void {
    const { id } = run.operation
    if (closing || runs.has(id)) return
    runs.set(id, run)
    parked.delete(id)
    retries.get(id)?.()
    retries.delete(id)
    const way = follow(run).finally(() => underWay.delete(way))
    underWay.add(way)
  }

  async function follow(run: OperationRun<never>): Promise<void> {
    const { id } = run.operation
    const outcome = await run.proceed()
    runs.delete(id)
    if (outcome === 'parked') {
      parked.set(id, run)
      if (!closing)
        retries.set(
          id,
          timer(run.retryDelay, () => proceed(run)),
        )
      return
    }
    await prune()
    // It may have made the room that others were waiting for.
    for (const waiting of [...parked.values()]) proceed(waiting)
  }

  async function prune(): Promise<void> {
    const surplus = [...known.values()].filter(hasEnded).slice(0, -KEPT_ENDED)
    for (const { id } of surplus) known.delete(id)
    try {
      await Promise.all(surplus.map(({ id }) => journal.remove(id)))
    } catch (error) {
      log.error({ err: error }, 'old journal entries could not be removed')
    }
  }

  function get(id: string): Operation {
    const operation = known.get(id) ?? preparing.get(id)?.operation
    if (operation) return operation
    throw notFound(id)
  }

  async function when(id: string, isSo: (operation: Operation) => boolean): Promise<Operation> {
    const begun = await preparing.get(id)?.decided
    const operation = begun && hasEnded(begun) ? begun : get(id)
    if (isSo(operation)) return operation
    return new Promise((resolve) => {
      const listener = (change: Operation) => {
        if (change.id !== id || !isSo(change)) return
        listeners.delete(listener)
        resolve(change)
      }
      listeners.add(listener)
    })
  }

  const whenStill = (id: string) => when(id, (operation) => hasEnded(operation) || operation.waiting !== null)

  function takeUpLeft(entry: JournalEntry, isMeant: (kind: OperationKind, places: string[]) => boolean): void {
    const { operation } = entry
    try {
      const { definition, input, start } = takeUp(entry, definitions())
      if (!isMeant(operation.kind, definition.placesOf?.(input) ?? [])) return
      leftOver.delete(operation.id)
      const { step, undoing } = entry.pending ?? {}
      log.info({ operation: operation.id, kind: operation.kind, step, undoing }, 'an operation of an earlier process is continued')
      proceed(createRun(definition, input, operation, start))
    } catch (error) {
      if (!isBerthError(error, 'JOURNAL_UNREADABLE')) throw error
      leftOver.delete(operation.id)
      log.error({ err: error }, 'an operation of an earlier process cannot be continued, and is reported')
      reported.add(operation.id)
      changed(reportedOperation(operation, error))
    }
  }

  /** None of one that nobody knows how to finish. */
  function placesOfLeft(entry: JournalEntry): string[] {
    try {
      const { definition, input } = takeUp(entry, definitions())
      return definition.placesOf?.(input) ?? []
    } catch (error) {
      if (!isBerthError(error, 'JOURNAL_UNREADABLE')) throw error
      return []
    }
  }

  /** Ends one that no run stands behind. */
  async function endAsLeft(operation: Operation): Promise<Operation> {
    const { waiting } = operation
    const notice = `Accepted as it is: nothing of it was taken back or finished. ${waiting?.problem.message ?? ''}`.trim()
    const failed = endedOperation(withNotice(operation, notice), 'failed', operation.error ?? waiting?.problem ?? null, now())
    const ended = { ...failed, accepted: true }
    await journal.finish({ version: 2, operation: ended, definitionVersion: 1, pending: null })
    leftOver.delete(operation.id)
    reported.delete(operation.id)
    changed(ended)
    return ended
  }

  return {
    async begin(definition, subject, prepare) {
      for (let held = holds.free(subject); held; held = holds.free(subject)) await held
      // Until the entry in `preparing` this is synchronous, so no other can come between.
      const busy = conflictAmong(holding(), subject)
      if (busy) throw busyError(busy)
      const operation = newOperation(definition, subject, now())
      const decision = Promise.withResolvers<Operation>()
      preparing.set(operation.id, { operation, decided: decision.promise })
      try {
        const input = definition.input.parse(await prepare())
        preparing.delete(operation.id)
        changed(operation)
        const run = createRun(definition, input, operation, { stepIndex: -1, undoing: false, memory: {} })
        proceed(run)
        decision.resolve(run.operation)
        return run.operation
      } catch (error) {
        preparing.delete(operation.id)
        const failure = asBerthError(error, new AbortController().signal, operation)
        decision.resolve({ ...operation, status: 'failed', error: toProblem(failure), endedAt: now().toISOString() })
        throw error
      }
    },
    whileIdle: (workspaceId, work) =>
      holds.run(workspaceId, () => {
        const busy = conflictAmong(holding(), { workspaceId: null, involves: [{ workspaceId, exclusive: false }] })
        if (busy) throw busyError(busy)
        return work()
      }),
    list: (workspaceId) =>
      [...known.values()].filter((operation) => workspaceId === undefined || operation.workspaceId === workspaceId).reverse(),
    get,
    activeOn,
    holds: (workspaceId) => conflictAmong(holding(), { workspaceId }) !== null,
    isAtWorkIn: (place) =>
      [...runs.values(), ...parked.values()].some(({ places }) => places.includes(place)) ||
      [...leftOver.values()].some((entry) => placesOfLeft(entry).includes(place)),
    left: () => [...leftOver.values()].map(({ operation, pending }) => ({ workspaceId: operation.workspaceId, input: pending?.input })),
    assertIdle(workspaceId) {
      const busy = activeOn(workspaceId)
      if (busy) throw busyError(busy)
    },
    whenEnded: (id) => when(id, hasEnded),
    whenDecidable: (id) => when(id, (operation) => hasEnded(operation) || operation.needsDecision),
    whenStill,
    async cancel(id) {
      const operation = get(id)
      if (hasEnded(operation)) throw notCancellable(id, 'it has ended')
      const waiting = parked.get(id)
      const run = runs.get(id) ?? waiting
      if (!run?.tryCancel()) {
        throw notCancellable(id, operation.status === 'rolling-back' ? 'it is being undone' : 'it is too late')
      }
      if (waiting) proceed(waiting)
      return whenStill(id)
    },
    async retry(id) {
      get(id)
      const run = parked.get(id)
      if (run) proceed(run)
      else if (!runs.has(id)) throw notWaiting(id)
      return whenStill(id)
    },
    async accept(id) {
      const operation = get(id)
      if (hasEnded(operation) || (operation.waiting === null && !operation.needsDecision)) throw notWaiting(id)
      if (reported.has(id) || leftOver.has(id)) return endAsLeft(operation)
      const run = parked.get(id) ?? runs.get(id)
      if (!run) throw notWaiting(id)
      run.accept()
      if (parked.has(id)) proceed(run)
      return whenStill(id)
    },
    async resume(isMeant = () => true) {
      for (const run of [...parked.values()]) if (isMeant(run.operation.kind, run.places)) proceed(run)
      for (const entry of [...leftOver.values()]) takeUpLeft(entry, isMeant)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async settle(milliseconds) {
      closing = true
      for (const stop of retries.values()) stop()
      let timeout: NodeJS.Timeout | undefined
      const over = new Promise((resolve) => {
        timeout = setTimeout(resolve, milliseconds)
      })
      await Promise.race([Promise.all(underWay), over])
      clearTimeout(timeout)
    },
  }
}

const machineTimer: Timer = (milliseconds, callback) => {
  const timeout = setTimeout(callback, milliseconds)
  timeout.unref()
  return () => clearTimeout(timeout)
}

function newOperation<Input>(definition: OperationDefinition<Input>, subject: OperationSubject, now: Date): Operation {
  return {
    id: nanoid(12),
    kind: definition.kind,
    workspaceId: subject.workspaceId,
    workspaceName: subject.workspaceName,
    involves: subject.involves ?? [],
    status: 'running',
    steps: definition.steps.map(({ name, title }) => ({
      name,
      title,
      status: 'pending',
      startedAt: null,
      endedAt: null,
      progress: null,
      detail: null,
      skipped: null,
    })),
    cancellable: definition.cancellable,
    committed: false,
    waiting: null,
    needsDecision: false,
    accepted: false,
    startedAt: now.toISOString(),
    endedAt: null,
    notices: [],
    error: null,
  }
}
