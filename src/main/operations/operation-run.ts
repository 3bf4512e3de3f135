import { BerthError, isBerthError, toProblem } from '../../shared/errors'
import type { Operation, OperationStep } from '../../shared/operation'
import { log } from '../log'
import type { Journal, JournalEntry } from './journal'
import type { OperationDefinition, Step } from './operation-definition'

/** Where a test may end the process, to see what recovery makes of it. */
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
  stepIndex: number
  undoing: boolean
}

/** How a run came to its end; `parked` is no end: the engine went away, and it goes on when that is back. */
export type RunOutcome = 'ended' | 'parked'

const PROGRESS_INTERVAL_MS = 100

/** One operation on its way through its steps. `operation` is what doors see of it. */
export class OperationRun<Input> {
  readonly #definition: OperationDefinition<Input>
  readonly #input: Input
  readonly #surroundings: RunSurroundings
  readonly #abort = new AbortController()
  #operation: Operation
  #position: RunStart
  #progressTimer: NodeJS.Timeout | null = null
  #failure: BerthError | null = null

  constructor(definition: OperationDefinition<Input>, input: Input, operation: Operation, start: RunStart, surroundings: RunSurroundings) {
    this.#definition = definition
    this.#input = input
    this.#operation = operation
    this.#position = start
    this.#surroundings = surroundings
  }

  get operation(): Operation {
    return this.#operation
  }

  get #commitIndex(): number {
    const { steps, commitStep } = this.#definition
    return commitStep === null ? steps.length : steps.findIndex((step) => step.name === commitStep)
  }

  /** Asks it to end; it does so at the step's next chance, and then takes back what was done. */
  cancel(): void {
    this.#abort.abort()
  }

  /** Runs to the end, or until the engine goes away in the middle of what cannot be left half done. Never throws. */
  async proceed(): Promise<RunOutcome> {
    try {
      if (!this.#position.undoing) await this.#runSteps()
    } catch (error) {
      const failure = asBerthError(error, this.#abort.signal, this.#operation)
      const committed = this.#position.stepIndex >= this.#commitIndex
      if (committed && isBerthError(failure, 'ENGINE_UNREACHABLE') && this.#definition.commitStep === this.#definition.steps[0]?.name) {
        return this.#park('Waiting for the engine')
      }
      this.#failure = failure
      await this.#failCurrentStep(failure)
      if (!committed) this.#position = { ...this.#position, undoing: true }
    }
    try {
      if (this.#position.undoing) await this.#undoSteps()
    } catch (error) {
      log.error({ err: error, operation: this.#operation.id }, 'an operation could not be taken back yet')
      return this.#park('Waiting for the engine to take back what was done')
    }
    await this.#end()
    return 'ended'
  }

  async #runSteps(): Promise<void> {
    const { steps } = this.#definition
    for (let index = this.#position.stepIndex; index < steps.length; index++) {
      const step = steps[index]
      if (!step) break
      this.#position = { stepIndex: index, undoing: false }
      this.#update({ cancellable: this.#definition.cancellable })
      this.#updateStep(index, { status: 'running', startedAt: this.#timestamp() })
      await this.#write()
      if (this.#definition.cancellable) this.#abort.signal.throwIfAborted()
      this.#fault(step.name, 'before')
      const status = await this.#runStep(step, index)
      this.#fault(step.name, 'after')
      this.#updateStep(index, { status, endedAt: this.#timestamp() })
    }
  }

  async #runStep(step: Step<Input>, index: number): Promise<'done' | 'skipped'> {
    let status: 'done' | 'skipped' = 'done'
    await step.run({
      input: this.#input,
      signal: this.#abort.signal,
      progress: (progress) => this.#updateStepSoon(index, { progress }),
      skip() {
        status = 'skipped'
      },
      detail: (text) => this.#updateStepSoon(index, { detail: text.slice(0, 2000) }),
      notice: (text) => this.#update({ notices: [...this.#operation.notices, text].slice(0, 16) }),
    })
    return status
  }

  async #undoSteps(): Promise<void> {
    this.#update({ status: 'rolling-back', cancellable: false })
    for (let index = this.#position.stepIndex; index >= 0; index--) {
      this.#position = { stepIndex: index, undoing: true }
      await this.#writeIfPossible()
      const step = this.#definition.steps[index]
      await step?.undo?.(this.#input)
      if (step) this.#fault(step.name, 'undone')
    }
  }

  async #failCurrentStep(failure: BerthError): Promise<void> {
    this.#updateStep(this.#position.stepIndex, { status: 'failed', endedAt: this.#timestamp() })
    this.#update({ error: toProblem(failure) })
    if (!isBerthError(failure, 'CANCELLED')) log.warn({ err: failure, operation: this.#operation.id }, 'an operation failed')
  }

  #park(detail: string): RunOutcome {
    this.#updateStep(this.#position.stepIndex, { detail })
    return 'parked'
  }

  async #end(): Promise<void> {
    if (this.#progressTimer) clearTimeout(this.#progressTimer)
    const steps = this.#operation.steps.map((step) => (step.status === 'pending' ? { ...step, status: 'skipped' as const } : step))
    const ended: Operation = {
      ...this.#operation,
      steps,
      cancellable: false,
      status: this.#endStatus(),
      error: this.#operation.error ?? (this.#position.undoing ? interruptedProblem(this.#operation) : null),
      endedAt: this.#timestamp(),
    }
    await this.#writeIfPossible({ version: 1, operation: ended, pending: null })
    this.#operation = ended
    this.#surroundings.onChange(ended)
  }

  #endStatus(): Operation['status'] {
    if (isBerthError(this.#failure, 'CANCELLED')) return 'cancelled'
    return this.#operation.error || this.#position.undoing ? 'failed' : 'succeeded'
  }

  #entry(): JournalEntry {
    return { version: 1, operation: this.#operation, pending: { input: this.#input, ...this.#position } }
  }

  #write(): Promise<void> {
    return this.#surroundings.journal.write(this.#entry())
  }

  /** For what must go on even when this machine's disk is full: an older entry only means that steps are undone twice. */
  async #writeIfPossible(entry = this.#entry()): Promise<void> {
    try {
      await this.#surroundings.journal.write(entry)
    } catch (error) {
      log.error({ err: error, operation: this.#operation.id }, 'the journal could not be written')
    }
  }

  #fault(step: string, when: FaultPoint['when']): void {
    this.#surroundings.onFaultPoint?.({ kind: this.#definition.kind, step, when })
  }

  #timestamp(): string {
    return this.#surroundings.now().toISOString()
  }

  #update(fields: Partial<Operation>): void {
    this.#operation = { ...this.#operation, ...fields }
    this.#surroundings.onChange(this.#operation)
  }

  #updateStep(index: number, fields: Partial<OperationStep>): void {
    this.#setStep(index, fields)
    this.#surroundings.onChange(this.#operation)
  }

  /** Progress comes in floods; doors hear of it ten times a second at most, and always of the last. */
  #updateStepSoon(index: number, fields: Partial<OperationStep>): void {
    this.#setStep(index, fields)
    this.#progressTimer ??= setTimeout(() => {
      this.#progressTimer = null
      this.#surroundings.onChange(this.#operation)
    }, PROGRESS_INTERVAL_MS)
  }

  #setStep(index: number, fields: Partial<OperationStep>): void {
    const steps = this.#operation.steps.map((step, at) => (at === index ? { ...step, ...fields } : step))
    this.#operation = { ...this.#operation, steps }
  }
}

/** What recovery says of an operation that a former process left half done. */
export function interruptedProblem(operation: Operation) {
  return toProblem(
    new BerthError('INTERRUPTED', 'Berth was ended in the middle of it; what had been done was taken back.', {
      operationId: operation.id,
      next: 'Start it again.',
    }),
  )
}

/** Typed already, a cancel, or a fault of Berth's own, which is logged with a reference to find it by. */
function asBerthError(error: unknown, signal: AbortSignal, operation: Operation): BerthError {
  if (signal.aborted) {
    const what = operation.workspaceName ?? operation.kind
    return new BerthError('CANCELLED', 'It was cancelled.', { what, next: 'Start it again when you want it.' }, { cause: error })
  }
  if (isBerthError(error)) return error
  log.error({ err: error, operation: operation.id }, 'an operation failed unexpectedly')
  return new BerthError(
    'INTERNAL',
    `Something in Berth went wrong: ${error instanceof Error ? error.message : String(error)}`,
    { reference: operation.id, next: 'Try again. If it happens again, report it with the log of Berth.' },
    { cause: error },
  )
}
