import { toProblem } from '../../shared/errors'
import type { Operation } from '../../shared/operation'
import type { JournalEntry, UnreadableEntry } from './journal'
import type { OlderVersion, OperationDefinition, Step } from './operation-definition'
import { interruptedWaiting, journalUnreadable } from './operation-errors'
import type { RunStart } from './operation-run'

/** How an operation of an earlier process is continued: the rules it began under, and where it was. */
export interface TakenUp {
  definition: OperationDefinition<never>
  input: never
  start: RunStart
}

/**
 * Finds the rules under which the entry was written. Throws JOURNAL_UNREADABLE where this Berth does not know them: then nothing is
 * guessed.
 */
export function takeUp({ operation, definitionVersion, pending }: JournalEntry, definitions: OperationDefinition<never>[]): TakenUp {
  const refuse = (reason: string) => journalUnreadable(operation.id, `operations/${operation.id}.json`, reason)
  const present = definitions.find((candidate) => candidate.kind === operation.kind)
  if (!present || !pending) throw refuse(`this version of Berth has no operation “${operation.kind}”.`)
  const definition = atVersion(present, definitionVersion)
  if (!definition)
    throw refuse(`it was started by version ${definitionVersion} of “${operation.kind}”, but this Berth has version ${present.version}.`)
  const stepIndex = definition.steps.findIndex(({ name }) => name === pending.step)
  if (stepIndex < 0) throw refuse(`it was at the step “${pending.step}”, which this version does not have.`)
  const input = definition.input.safeParse(pending.input)
  if (!input.success) {
    const issues = input.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw refuse(`its input is invalid (${issues.join('; ').slice(0, 500)}).`)
  }
  const { undoing, memory } = pending
  return { definition, input: input.data, start: { stepIndex, undoing, memory } }
}

function atVersion(present: OperationDefinition<never>, version: number): OperationDefinition<never> | null {
  if (present.version === version) return present
  const older: OlderVersion<never> | undefined = present.older?.find((candidate) => candidate.version === version)
  if (!older) return null
  const known = [...present.steps, ...(older.retired ?? [])]
  const steps = older.steps.map((name) => known.find((step) => step.name === name))
  if (!steps.every((step): step is Step<never> => step !== undefined)) return null
  return { ...present, version, steps, commitStep: older.commitStep, input: older.input ?? present.input }
}

/** One that a former process left half done, until the engine is there. */
export function leftOperation(operation: Operation): Operation {
  const waiting = { for: 'engine' as const, problem: interruptedWaiting(operation), attempts: 0, retryAt: null }
  return { ...operation, cancellable: false, waiting }
}

/** How an operation that cannot be continued appears: it blocks its workspace until it is accepted. */
export function reportedOperation(operation: Operation, error: ReturnType<typeof journalUnreadable>): Operation {
  return {
    ...operation,
    cancellable: false,
    needsDecision: true,
    waiting: { for: 'decision', problem: toProblem(error), attempts: 0, retryAt: null },
  }
}

/** An operation from what is left of its entry. One that had ended is history, and holds nothing. */
export function operationFromRemains({ operationId, file, reason, remains }: UnreadableEntry, now: Date): Operation {
  const operation: Operation = {
    kind: 'unknown',
    workspaceId: null,
    workspaceName: null,
    involves: [],
    status: 'running',
    steps: [],
    committed: false,
    accepted: false,
    waiting: null,
    needsDecision: false,
    startedAt: now.toISOString(),
    notices: [],
    error: null,
    ...withoutUndefined(remains),
    id: operationId,
    cancellable: false,
    endedAt: null,
  }
  return reportedOperation(operation, journalUnreadable(operationId, file, reason.slice(0, 2000)))
}

function withoutUndefined<Fields extends object>(fields: Fields): { [Name in keyof Fields]: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}
