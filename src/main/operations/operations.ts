import { nanoid } from 'nanoid'
import { BerthError, type ErrorCode } from '../../shared/errors'
import { hasEnded, type Operation } from '../../shared/operation'
import { log } from '../log'
import type { Journal, JournalEntry } from './journal'
import type { OperationDefinition } from './operation-definition'
import { type FaultPoint, OperationRun, type RunStart } from './operation-run'

/** What an operation is about; `workspaceId` keeps others off the same workspace while it runs. */
export interface OperationSubject {
  workspaceId: string | null
  workspaceName: string | null
  /** Workspaces that must stay as they are meanwhile, or (`exclusive`) are changed too: the source of a clone. */
  involves?: Operation['involves']
}

/** Long work: begun here, watched and cancelled through any door, taken up again after a crash. */
export interface Operations {
  /**
   * Begins one and returns at once. Throws WORKSPACE_BUSY when another runs on the same workspace.
   */
  begin<Input>(definition: OperationDefinition<Input>, input: Input, subject: OperationSubject): Promise<Operation>
  /** Newest first. */
  list(workspaceId?: string): Operation[]
  /** Throws OPERATION_NOT_FOUND. */
  get(id: string): Operation
  /** The one that runs on the workspace. */
  activeOn(workspaceId: string): Operation | null
  /** Throws WORKSPACE_BUSY when one runs on the workspace. */
  assertIdle(workspaceId: string): void
  /** Resolves when it has ended, however. */
  whenEnded(id: string): Promise<Operation>
  /** Resolves when what it did is undone. Throws OPERATION_NOT_CANCELLABLE. */
  cancel(id: string): Promise<Operation>
  /** Takes up what a former process or a lost engine left half done. To be called each time the engine is connected. */
  resume(): Promise<void>
  onChange(listener: (operation: Operation) => void): () => void
  /** Resolves when nothing runs any more or the time is over; for the end of the process. */
  settle(milliseconds: number): Promise<void>
}

interface OperationsOptions {
  journal: Journal
  now: () => Date
  /** Every kind there is, so that a journal entry finds its steps again. */
  definitions: () => OperationDefinition<never>[]
  onFaultPoint?: ((point: FaultPoint) => void) | undefined
}

const KEPT_ENDED = 200

export async function createOperations({ journal, now, definitions, onFaultPoint }: OperationsOptions): Promise<Operations> {
  const listeners = new Set<(operation: Operation) => void>()
  const known = new Map<string, Operation>()
  const runs = new Map<string, OperationRun<never>>()
  const parked = new Map<string, OperationRun<never>>()
  const leftOver: JournalEntry[] = []
  const underWay = new Set<Promise<void>>()

  for (const entry of await journal.readAll()) {
    known.set(entry.operation.id, entry.operation)
    if (entry.pending) leftOver.push(entry)
  }

  function changed(operation: Operation): void {
    known.set(operation.id, operation)
    for (const listener of listeners) listener(operation)
  }

  function activeOn(workspaceId: string): Operation | null {
    for (const operation of known.values()) if (operation.workspaceId === workspaceId && !hasEnded(operation)) return operation
    return null
  }

  /** Several may read a workspace at once; one that changes it is alone with it. */
  function conflictWith({ workspaceId, involves = [] }: OperationSubject): Operation | null {
    const wanted = [...(workspaceId === null ? [] : [{ workspaceId, exclusive: true }]), ...involves]
    for (const operation of known.values()) {
      if (hasEnded(operation)) continue
      for (const want of wanted) {
        if (operation.workspaceId === want.workspaceId) return operation
        const held = operation.involves.find((involved) => involved.workspaceId === want.workspaceId)
        if (held && (held.exclusive || want.exclusive)) return operation
      }
    }
    return null
  }

  function createRun<Input>(definition: OperationDefinition<Input>, input: Input, operation: Operation, start: RunStart) {
    return new OperationRun(definition, input, operation, start, { journal, now, onChange: changed, onFaultPoint })
  }

  function proceed(run: OperationRun<never>): void {
    const way = follow(run).finally(() => underWay.delete(way))
    underWay.add(way)
  }

  async function follow(run: OperationRun<never>): Promise<void> {
    const { id } = run.operation
    runs.set(id, run)
    parked.delete(id)
    const outcome = await run.proceed()
    runs.delete(id)
    if (outcome === 'parked') {
      parked.set(id, run)
      return
    }
    await prune()
    // It may have made the room that others were waiting for.
    for (const waiting of [...parked.values()]) proceed(waiting)
  }

  async function prune(): Promise<void> {
    const ended = [...known.values()].filter(hasEnded)
    await journal.prune(ended.map((operation) => operation.id))
    for (const operation of ended.slice(0, Math.max(0, ended.length - KEPT_ENDED))) known.delete(operation.id)
  }

  function get(id: string): Operation {
    const operation = known.get(id)
    if (operation) return operation
    throw new BerthError('OPERATION_NOT_FOUND', `There is no operation ${id}.`, {
      operationId: id,
      next: 'It may have ended long ago: only the last 200 are kept.',
    })
  }

  function whenEnded(id: string): Promise<Operation> {
    const operation = get(id)
    if (hasEnded(operation)) return Promise.resolve(operation)
    return new Promise((resolve) => {
      const listener = (change: Operation) => {
        if (change.id !== id || !hasEnded(change)) return
        listeners.delete(listener)
        resolve(change)
      }
      listeners.add(listener)
    })
  }

  function takeUp({ operation, pending }: JournalEntry): void {
    const definition = definitions().find((candidate) => candidate.kind === operation.kind)
    if (!definition || !pending) return
    const commitIndex = definition.commitStep === null ? definition.steps.length : stepIndexOf(definition, definition.commitStep)
    const undoing = pending.undoing || pending.stepIndex < commitIndex
    log.info({ operation: operation.id, kind: operation.kind, undoing }, 'an operation of a former process is taken up')
    // The input was written by the same definition, which is why it can be read by it.
    const run = createRun(definition, pending.input as never, operation, { stepIndex: pending.stepIndex, undoing })
    proceed(run)
  }

  return {
    async begin(definition, input, subject) {
      const busy = conflictWith(subject)
      if (busy) throw busyError(busy)
      const operation = newOperation(definition, subject, now())
      changed(operation)
      const run = createRun(definition, input, operation, { stepIndex: 0, undoing: false }) as OperationRun<never>
      proceed(run)
      return run.operation
    },
    list: (workspaceId) =>
      [...known.values()].filter((operation) => workspaceId === undefined || operation.workspaceId === workspaceId).reverse(),
    get,
    activeOn,
    assertIdle(workspaceId) {
      const busy = activeOn(workspaceId)
      if (busy) throw busyError(busy)
    },
    whenEnded,
    async cancel(id) {
      const operation = get(id)
      const run = runs.get(id)
      if (hasEnded(operation)) throw notCancellable(id, 'it has ended')
      if (!operation.cancellable || !run) throw notCancellable(id, 'it is past the point where it can be taken back')
      run.cancel()
      return whenEnded(id)
    },
    async resume() {
      for (const run of [...parked.values()]) proceed(run)
      for (const entry of leftOver.splice(0)) takeUp(entry)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async settle(milliseconds) {
      let timer: NodeJS.Timeout | undefined
      const timeout = new Promise((resolve) => {
        timer = setTimeout(resolve, milliseconds)
      })
      await Promise.race([Promise.all(underWay), timeout])
      clearTimeout(timer)
    },
  }
}

function stepIndexOf(definition: OperationDefinition<never>, name: string): number {
  return definition.steps.findIndex((step) => step.name === name)
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
    })),
    cancellable: definition.cancellable,
    startedAt: now.toISOString(),
    endedAt: null,
    notices: [],
    error: null,
  }
}

const DOING: Record<Operation['kind'], string> = {
  'workspace.create': 'being created',
  'workspace.start': 'being started',
  'workspace.stop': 'being stopped',
  'workspace.restart': 'being restarted',
  'workspace.delete': 'being deleted',
  'workspace.clone': 'being cloned',
  'workspace.rename': 'being renamed',
  'workspace.move': 'being moved',
  'workspace.export': 'being exported',
  'workspace.import': 'being imported',
  'workspace.adopt': 'being adopted',
  'snapshot.create': 'being kept as a snapshot',
  'snapshot.restore': 'being brought back to a snapshot',
  'snapshot.delete': 'losing a snapshot',
  'image.build': 'being built',
  'storage.cleanup': 'being cleaned up',
}

function busyError(operation: Operation): BerthError<ErrorCode> {
  const name = operation.workspaceName ?? ''
  return new BerthError('WORKSPACE_BUSY', `${name} is ${DOING[operation.kind]}.`, {
    workspace: name,
    operationId: operation.id,
    operationKind: operation.kind,
    next: 'Wait until that has ended, or cancel it.',
  })
}

function notCancellable(operationId: string, reason: string): BerthError<ErrorCode> {
  return new BerthError('OPERATION_NOT_CANCELLABLE', `It cannot be cancelled: ${reason}.`, {
    operationId,
    reason,
    next: 'Wait until it has ended.',
  })
}
