import { Check, Circle, LoaderCircle, Minus, X } from 'lucide-react'
import { currentStep, operationTitle } from '../../../shared/describe-operation'
import type { Operation, OperationStep } from '../../../shared/operation'
import { Button } from '../../ui/button'
import { classNames } from '../../ui/class-names'
import { ProgressBar } from '../../ui/progress-bar'
import { Duration } from '../../ui/time'
import { Truncated } from '../../ui/truncated'
import { useNow } from '../../ui/use-now'
import { cancelOperation } from './cancel-operation'
import { operationFraction, progressFraction, progressText } from './progress-text'
import { WaitingPanel } from './waiting-panel'

interface OperationCardProps {
  operation: Operation
  heading?: 'h2' | 'h3'
  /** Only the step that is under way, in one line: beside something else that is looked at. */
  isCompact?: boolean
}

/** An operation under way: its steps, how far it is, and Cancel. */
export function OperationCard({ operation, heading: Heading = 'h2', isCompact = false }: OperationCardProps) {
  const title = operationTitle(operation)
  const step = currentStep(operation)
  const fraction = step?.progress ? progressFraction(step.progress) : null
  return (
    <section aria-label={title} className="overflow-hidden rounded-lg border border-line">
      <div className="flex items-center gap-2 py-2 pr-2 pl-3">
        <Heading className="min-w-0 flex-1 truncate font-semibold">{title}</Heading>
        <span className="text-ink-muted text-sm">
          <Duration start={operation.startedAt} end={operation.endedAt} />
        </span>
        {operation.cancellable && (
          <Button size="small" onClick={() => cancelOperation(operation.id)} aria-label={`Cancel: ${title}`}>
            Cancel
          </Button>
        )}
      </div>
      <div className="px-3">
        <ProgressBar label={title} fraction={fraction ?? operationFraction(operation)} />
      </div>
      <WaitingPanel operation={operation} />
      {isCompact ? (
        <p className="flex min-h-5 items-center gap-3 px-3 py-1.5 text-ink-muted text-sm">
          <Truncated text={step?.title ?? ''} className="flex-1" />
          {step && (
            <span className="shrink-0 tabular-nums">
              <StepProgress step={step} />
            </span>
          )}
        </p>
      ) : (
        <StepList steps={operation.steps} />
      )}
    </section>
  )
}

/** The steps of an operation, each with its state as an icon and in words. */
export function StepList({ steps }: { steps: readonly OperationStep[] }) {
  return (
    <ol className="flex flex-col gap-0.5 px-3 py-2">
      {steps.map((step) => (
        <Step key={step.name} step={step} />
      ))}
    </ol>
  )
}

const ICONS = { pending: Circle, running: LoaderCircle, done: Check, failed: X, skipped: Minus } as const
const COLOURS = {
  pending: 'text-line-strong',
  running: 'busy-turn text-accent',
  done: 'text-good',
  failed: 'text-bad',
  skipped: 'text-ink-faint',
} as const
const WORDS = { pending: 'to do', running: 'under way', done: 'done', failed: 'failed', skipped: 'left out' } as const

function Step({ step }: { step: OperationStep }) {
  const { title, status, startedAt, endedAt, progress, detail, skipped } = step
  const Icon = ICONS[status]
  const isActive = status === 'running' || status === 'failed'
  return (
    <li className="flex min-h-5 items-start gap-2">
      <Icon aria-hidden className={classNames('mt-1 size-3 shrink-0', COLOURS[status])} />
      <span className="sr-only">{WORDS[status]}:</span>
      <div className="min-w-0 flex-1">
        <Truncated text={title} className={isActive ? 'text-ink' : 'text-ink-muted'} />
        {isActive && detail !== null && <Truncated text={detail} className="font-mono text-ink-muted text-xs" />}
        {skipped !== null && <Truncated text={skipped} className="text-ink-faint text-sm" />}
      </div>
      <span className="shrink-0 text-ink-faint text-sm tabular-nums leading-5">
        {status === 'running' && progress ? (
          <StepProgress step={step} />
        ) : (
          startedAt && endedAt && <Duration start={startedAt} end={endedAt} />
        )}
      </span>
    </li>
  )
}

function StepProgress({ step }: { step: OperationStep }) {
  return progressText(step, useNow('second'))
}
