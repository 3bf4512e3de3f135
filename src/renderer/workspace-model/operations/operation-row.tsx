import { Check, ChevronRight, LoaderCircle, type LucideIcon, Minus, X } from 'lucide-react'
import { Collapsible } from 'radix-ui'
import { operationTitle, operationVerb } from '../../../shared/describe-operation'
import type { Operation } from '../../../shared/operation'
import { ForeignText } from '../../ui/foreign-text'
import { Duration, Time } from '../../ui/time'
import { Truncated } from '../../ui/truncated'
import { presentProblem } from '../problems/present-problem'
import { ProblemPanel } from '../problems/problem-panel'
import { StepList } from './operation-card'

const RESULTS: Record<Operation['status'], [LucideIcon, colour: string]> = {
  running: [LoaderCircle, 'text-accent'],
  'rolling-back': [LoaderCircle, 'text-accent'],
  succeeded: [Check, 'text-good'],
  failed: [X, 'text-bad'],
  cancelled: [Minus, 'text-ink-faint'],
}

interface OperationRowProps {
  operation: Operation
  /** Beside the workspace it is about: its name is left out. */
  isAboutOne?: boolean
}

/** One that ended: when, what, how long; opens to its steps, what it has to say, and its error. */
export function OperationRow({ operation, isAboutOne = false }: OperationRowProps) {
  const [Result, colour] = RESULTS[operation.status]
  const title = isAboutOne ? operationVerb(operation) : operationTitle(operation)
  return (
    <Collapsible.Root>
      <Collapsible.Trigger className="group -mx-2 flex min-h-7 w-[calc(100%+16px)] items-center gap-2 rounded-md px-2 text-left hover:bg-hover">
        <ChevronRight
          aria-hidden
          className="size-3.5 shrink-0 text-ink-faint transition-transform duration-(--time-fast) group-data-[state=open]:rotate-90"
        />
        <Result aria-hidden className={`size-3.5 shrink-0 ${colour}`} />
        <Truncated text={title} className="flex-1" />
        {operation.notices.length > 0 && <span className="shrink-0 text-sm text-warn">note</span>}
        <span className="shrink-0 text-ink-muted text-sm">
          <Duration start={operation.startedAt} end={operation.endedAt} />
        </span>
        <span className="w-26 shrink-0 text-right text-ink-muted text-sm">
          <Time value={operation.startedAt} as="clock" />
        </span>
      </Collapsible.Trigger>
      <Collapsible.Content className="py-1 pl-3">
        {operation.notices.map((notice) => (
          <p key={notice} className="px-3 py-1 text-warn">
            <ForeignText text={notice} />
          </p>
        ))}
        {operation.committed && operation.status !== 'succeeded' && (
          <p className="px-3 py-1 text-ink-muted">The change was made, but the steps after it were not.</p>
        )}
        {operation.error !== null && operation.status === 'failed' && (
          <ProblemPanel presentation={presentProblem(operation.error)} className="my-1" />
        )}
        <StepList steps={operation.steps} />
      </Collapsible.Content>
    </Collapsible.Root>
  )
}
