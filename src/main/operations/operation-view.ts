import type { Problem } from '../../shared/error-definitions'
import type { Operation, OperationStep } from '../../shared/operation'

/** What doors see of an operation, and how it changes while it runs. */
export interface OperationView {
  readonly operation: Operation
  update(fields: Partial<Operation>): void
  beginStep(name: string, cancellable: boolean): void
  endStep(name: string, skipped: string | null): void
  /** Keeps why the operation failed; the step is that at which it did, if it came to one. */
  failStep(name: string | undefined, problem: Problem): void
  /** Progress comes in floods; doors hear of it ten times a second at most, and always of the last. */
  stepSoon(name: string, fields: Partial<OperationStep>): void
  notice(text: string): void
  /** The operation as it will end; not visible until `end`. */
  ended(status: Operation['status'], error: Problem | null): Operation
  end(ended: Operation): void
}

const PROGRESS_INTERVAL_MS = 100
const MOST_NOTICES = 16

/** With a notice more, each once. Of too many the last are kept: how it ended is among them. */
export function withNotice(operation: Operation, notice: string): Operation {
  const text = notice.slice(0, 1000)
  if (operation.notices.includes(text)) return operation
  return { ...operation, notices: [...operation.notices, text].slice(-MOST_NOTICES) }
}

export function endedOperation(operation: Operation, status: Operation['status'], error: Problem | null, now: Date): Operation {
  return {
    ...operation,
    steps: operation.steps.map((step) => (step.status === 'pending' ? { ...step, status: 'skipped' as const } : step)),
    cancellable: false,
    waiting: null,
    needsDecision: false,
    status,
    error,
    endedAt: now.toISOString(),
  }
}

export function createOperationView(
  begun: Operation,
  { now, onChange }: { now: () => Date; onChange(operation: Operation): void },
): OperationView {
  let operation = begun
  let progressTimer: NodeJS.Timeout | null = null
  const timestamp = () => now().toISOString()

  function update(fields: Partial<Operation>): void {
    operation = { ...operation, ...fields }
    onChange(operation)
  }

  function withStep(name: string, fields: Partial<OperationStep>): OperationStep[] {
    return operation.steps.map((step) => (step.name === name ? { ...step, ...fields } : step))
  }

  return {
    get operation() {
      return operation
    },
    update,
    beginStep: (name, cancellable) =>
      update({ cancellable, steps: withStep(name, { status: 'running', startedAt: timestamp(), endedAt: null, skipped: null }) }),
    endStep: (name, skipped) =>
      update({
        needsDecision: false,
        steps: withStep(name, {
          status: skipped === null ? 'done' : 'skipped',
          endedAt: timestamp(),
          skipped: skipped?.slice(0, 500) ?? null,
        }),
      }),
    failStep: (name, error) =>
      update({ error, steps: name === undefined ? operation.steps : withStep(name, { status: 'failed', endedAt: timestamp() }) }),
    stepSoon(name, fields) {
      operation = { ...operation, steps: withStep(name, fields) }
      progressTimer ??= setTimeout(() => {
        progressTimer = null
        onChange(operation)
      }, PROGRESS_INTERVAL_MS)
    },
    notice(text) {
      const { notices } = withNotice(operation, text)
      if (notices !== operation.notices) update({ notices })
    },
    ended: (status, error) => endedOperation(operation, status, error, now()),
    end(ended) {
      if (progressTimer) clearTimeout(progressTimer)
      operation = ended
      onChange(operation)
    },
  }
}
