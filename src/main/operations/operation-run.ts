import { type BerthError, isBerthError, toProblem } from '../../shared/errors'
import type { Operation } from '../../shared/operation'
import { log } from '../log'
import type { Journal, JournalEntry } from './journal'
import type { OperationDefinition, Step, UndoContext } from './operation-definition'
import { asBerthError, interruptedProblem } from './operation-errors'
import { createOperationView, type OperationView } from './operation-view'

/** Where a test can end the process, to check the recovery. */
export interface FaultPoint {
  kind: Operation['kind']
  step: string
  /** Before it runs (the journal says it is about to), after it ran (the journal does not know), after it was undone. */
  when: 'before' | 'after' | 'undone'
}

export interface RunSurroundings {
  journal: Journal
  now: () => Date
  /** Called at each change of the operation. */
  onChange(operation: Operation): void
  /** Tests only. */
  onFaultPoint?: ((point: FaultPoint) => void) | undefined
}

/** Where a run begins: afresh, or where the journal says a former process was. */
export interface RunStart {
  /** Index of the step; -1 before the first has begun. */
  stepIndex: number
  /** It was being undone. An operation before its commit step is undone in any case. */
  undoing: boolean
  memory: Record<string, string>
}

/** How a run ended; `parked` means that it is blocked and will be retried. */
export type RunOutcome = 'ended' | 'parked'

/** Failures after which a person is asked, beside that it goes on trying. */
const ATTEMPTS_BEFORE_DECISION = 3
const FIRST_RETRY_MS = 1000
const LONGEST_RETRY_MS = 60_000

/** One operation on its way through its steps. `operation` is what doors see of it. */
export class OperationRun<Input> {
  readonly #definition: OperationDefinition<Input>
  readonly #input: Input
  readonly #surroundings: RunSurroundings
  readonly #abort = new AbortController()
  readonly #followUpAbort = new AbortController()
  readonly #view: OperationView
  readonly #memory: Map<string, string>
  readonly #commitIndex: number
  /** The last step that the journal says has begun. */
  #index: number
  /** The step it is at, which the journal may not know yet. */
  #current: Step<Input> | null = null
  #phase: 'running' | 'undoing' | 'ending'
  #committed: boolean
  #undoMustBeJournaled = false
  #journaled: boolean
  #attempts = 0
  #failures = 0
  #accepted = false

  constructor(definition: OperationDefinition<Input>, input: Input, operation: Operation, start: RunStart, surroundings: RunSurroundings) {
    const { steps, commitStep } = definition
    this.#definition = definition
    this.#input = input
    this.#surroundings = surroundings
    this.#memory = new Map(Object.entries(start.memory))
    this.#commitIndex = commitStep === null ? steps.length : steps.findIndex((step) => step.name === commitStep)
    this.#index = start.stepIndex
    this.#journaled = start.stepIndex >= 0
    this.#committed = !start.undoing && start.stepIndex >= this.#commitIndex
    // The entry was written before the step that commits had begun.
    this.#view = createOperationView(this.#committed ? { ...operation, committed: true } : operation, surroundings)
    this.#phase = start.undoing || (start.stepIndex >= 0 && !this.#committed) ? 'undoing' : 'running'
  }

  get operation(): Operation {
    return this.#view.operation
  }

  /** Ids of the places that it works in. */
  get places(): string[] {
    return this.#definition.placesOf?.(this.#input) ?? []
  }

  /** Milliseconds until it is to be tried again; for one that is parked. */
  get retryDelay(): number {
    return Math.min(FIRST_RETRY_MS * 2 ** Math.max(0, this.#attempts - 1), LONGEST_RETRY_MS)
  }

  /**
   * Asks it to end. Decided at once: true if it will be undone (or, after the commit step, if the remaining steps are skipped), false if it
   * is too late.
   */
  tryCancel(): boolean {
    if (!this.#definition.cancellable || this.#phase !== 'running') return false
    if (!this.#committed) this.#abort.abort()
    else if (this.#current?.followUp) this.#followUpAbort.abort()
    else return false
    return true
  }

  /** Ends it as it is at the next chance: at once if it is parked and `proceed` is called. */
  accept(): void {
    this.#accepted = true
  }

  /** Runs to the end, or until something is in the way of what cannot be left half done. Never throws. */
  async proceed(): Promise<RunOutcome> {
    if (this.#accepted) return this.#endAccepted()
    this.#view.update({ waiting: null })
    const inTheWay = (await this.#goForward()) ?? (await this.#goBack()) ?? (await this.#end())
    if (inTheWay === null) return 'ended'
    if (this.#accepted) return this.#endAccepted(inTheWay)
    this.#park(inTheWay)
    return 'parked'
  }

  /** Returns what blocks a committed change; null when the steps have ended, in any way. */
  async #goForward(): Promise<BerthError | null> {
    if (this.#phase !== 'running') return null
    try {
      await this.#runSteps()
      return null
    } catch (error) {
      const signal = this.#committed ? this.#followUpAbort.signal : this.#abort.signal
      const failure = asBerthError(error, signal, this.operation)
      const isOver = this.#committed && this.#current?.followUp && (signal.aborted || !isBerthError(failure, 'ENGINE_UNREACHABLE'))
      const nothingOfItStands = this.#index === this.#commitIndex && this.#current?.atomic && !isBerthError(failure, 'ENGINE_UNREACHABLE')
      if (this.#committed && !isOver && !nothingOfItStands) return failure
      this.#view.failStep(this.#current?.name, toProblem(failure))
      if (!isBerthError(failure, 'CANCELLED')) log.warn({ err: failure, operation: this.operation.id }, 'an operation failed')
      this.#phase = isOver ? 'ending' : 'undoing'
      if (nothingOfItStands) this.#withdrawCommit()
      return null
    }
  }

  async #runSteps(): Promise<void> {
    const { steps } = this.#definition
    const first = Math.max(this.#index, 0)
    for (const [index, step] of steps.entries()) {
      if (index < first) continue
      this.#current = step
      // A cancel takes effect up to here, or is refused from here on.
      if (!this.#committed) this.#abort.signal.throwIfAborted()
      const commits = index === this.#commitIndex && !this.#committed
      if (commits) this.#committed = true
      await this.#begin(step, index, commits)
      if (!this.#committed) this.#abort.signal.throwIfAborted()
      if (step.followUp && this.#committed) this.#followUpAbort.signal.throwIfAborted()
      this.#fault(step.name, 'before')
      const skipped = await this.#runStep(step)
      this.#fault(step.name, 'after')
      this.#attempts = 0
      this.#failures = 0
      this.#view.endStep(step.name, skipped)
    }
    if (!this.#committed) this.#abort.signal.throwIfAborted()
    this.#phase = 'ending'
  }

  /** Nothing is done before the journal says that it is about to be done. */
  async #begin(step: Step<Input>, index: number, commits: boolean): Promise<void> {
    this.#view.beginStep(step.name, this.#definition.cancellable && (!this.#committed || step.followUp === true))
    try {
      await this.#write(step.name, false)
    } catch (error) {
      // The entry may have reached the disk after all: it must not say “forward” while the operation is being undone.
      if (commits) this.#withdrawCommit()
      throw error
    }
    this.#index = index
    this.#journaled = true
    if (commits) this.#view.update({ committed: true })
  }

  #withdrawCommit(): void {
    this.#committed = false
    this.#undoMustBeJournaled = true
    this.#view.update({ committed: false })
  }

  /** Returns why it was skipped; null when it was not. */
  async #runStep(step: Step<Input>): Promise<string | null> {
    let skipped: string | null = null
    // What follows the commit step is not aborted by anything.
    const followUp = step.followUp ? this.#followUpAbort.signal : new AbortController().signal
    await step.run({
      ...this.#context(),
      input: this.#input,
      signal: this.#committed ? followUp : this.#abort.signal,
      progress: (progress) => this.#view.stepSoon(step.name, { progress }),
      detail: (text) => this.#view.stepSoon(step.name, { detail: text.slice(0, 2000) }),
      skip(reason) {
        skipped = reason
      },
      remember: async (key, value) => {
        if (this.#memory.get(key) === value) return
        const before = this.#memory.get(key)
        this.#memory.set(key, value)
        try {
          await this.#write(step.name, false)
        } catch (error) {
          if (before === undefined) this.#memory.delete(key)
          else this.#memory.set(key, before)
          throw error
        }
      },
    })
    return skipped
  }

  /** Returns what blocks the undo; null when everything is undone or nothing needs to be. */
  async #goBack(): Promise<BerthError | null> {
    if (this.#phase !== 'undoing') return null
    this.#view.update({ status: 'rolling-back', cancellable: false })
    try {
      while (this.#index >= 0) {
        const step = this.#definition.steps[this.#index]
        if (!step) throw new Error(`there is no step ${this.#index}`)
        await this.#writeUndoing(step.name)
        await step.undo?.(this.#input, this.#context())
        this.#fault(step.name, 'undone')
        this.#attempts = 0
        this.#failures = 0
        this.#index--
      }
    } catch (error) {
      const failure = asBerthError(error, new AbortController().signal, this.operation)
      log.error({ err: error, operation: this.operation.id }, 'an operation could not be undone yet')
      return failure
    }
    this.#phase = 'ending'
    return null
  }

  /** Goes on where the disk is full, too: an older entry only means that steps are undone twice. */
  async #writeUndoing(step: string): Promise<void> {
    try {
      await this.#write(step, true)
      this.#undoMustBeJournaled = false
    } catch (error) {
      if (this.#undoMustBeJournaled) throw error
      log.error({ err: error, operation: this.operation.id }, 'the journal could not be written')
    }
  }

  #context(): UndoContext {
    return {
      operationId: this.operation.id,
      recall: (key) => this.#memory.get(key) ?? null,
      notice: (text) => this.#view.notice(text),
    }
  }

  #park(problem: BerthError): void {
    const isAway = isBerthError(problem, 'ENGINE_UNREACHABLE')
    this.#attempts++
    if (!isAway) this.#failures++
    const retryAt = new Date(this.#surroundings.now().getTime() + this.retryDelay).toISOString()
    this.#view.update({
      waiting: {
        for: isAway ? 'engine' : isBerthError(problem, 'DISK_FULL') ? 'disk' : 'retry',
        problem: toProblem(problem),
        attempts: this.#attempts,
        retryAt,
      },
      needsDecision: this.#failures >= ATTEMPTS_BEFORE_DECISION,
    })
    log.warn({ err: problem, operation: this.operation.id, retryAt }, 'an operation is waiting for a retry')
  }

  /** What comes before the end is known to the journal by then: otherwise it would be taken up again although others came after it. */
  async #end(): Promise<BerthError | null> {
    const interrupted = this.#index < 0 && this.operation.status === 'rolling-back' ? interruptedProblem(this.operation) : null
    const error = this.operation.error ?? interrupted
    const status = error === null ? 'succeeded' : error.code === 'CANCELLED' ? 'cancelled' : 'failed'
    const ended = this.#view.ended(status, error)
    const inTheWay = await this.#finish(ended)
    if (inTheWay === null) this.#view.end(ended)
    return inTheWay
  }

  async #endAccepted(inTheWay?: BerthError): Promise<RunOutcome> {
    const waiting = this.operation.waiting?.problem ?? null
    this.#view.update({ waiting: null })
    const problem = inTheWay ? toProblem(inTheWay) : waiting
    const { steps } = this.#definition
    const left = this.#phase === 'undoing' ? steps.slice(0, this.#index + 1) : steps.slice(Math.max(this.#index, 0))
    const words = this.#phase === 'undoing' ? 'Accepted as it is. Not undone' : 'Accepted as it is. Not done'
    this.#view.notice(`${words}: ${left.map(({ title }) => title).join(', ')}. ${problem?.message ?? ''}`.trim().slice(0, 1000))
    const first = this.operation.error
    const ended = { ...this.#view.ended('failed', first && first.code !== 'CANCELLED' ? first : (problem ?? first)), accepted: true }
    const failed = await this.#finish(ended)
    if (failed) {
      this.#accepted = false
      this.#park(failed)
      return 'parked'
    }
    this.#view.end(ended)
    return 'ended'
  }

  async #finish(ended: Operation): Promise<BerthError | null> {
    try {
      await this.#surroundings.journal.finish(this.#entryOf(ended, null))
      return null
    } catch (error) {
      log.error({ err: error, operation: ended.id }, 'the end of an operation could not be written to the journal')
      // Nothing is there that could be taken up again.
      return this.#journaled ? asBerthError(error, new AbortController().signal, ended) : null
    }
  }

  #write(step: string, undoing: boolean): Promise<void> {
    const pending = { input: this.#input, step, undoing, memory: Object.fromEntries(this.#memory) }
    return this.#surroundings.journal.write(this.#entryOf(this.operation, pending))
  }

  #entryOf(operation: Operation, pending: JournalEntry['pending']): JournalEntry {
    return { version: 2, operation, definitionVersion: this.#definition.version, pending }
  }

  #fault(step: string, when: FaultPoint['when']): void {
    this.#surroundings.onFaultPoint?.({ kind: this.#definition.kind, step, when })
  }
}
