import { TriangleAlert } from 'lucide-react'
import { operationTitle } from '../../../shared/describe-operation'
import type { Operation } from '../../../shared/operation'
import { Button } from '../../ui/button'
import { ForeignText } from '../../ui/foreign-text'
import { acceptOperation, retryOperation } from './decide-operation'

/** What is in the way of an operation that cannot go on, and what can be done about it; nothing for one that goes on. */
export function WaitingPanel({ operation }: { operation: Operation }) {
  const { id, waiting, needsDecision } = operation
  if (waiting === null) return null
  const title = operationTitle(operation)
  const isStuck = needsDecision || waiting.for === 'decision'
  return (
    <section
      role={isStuck ? 'alert' : 'status'}
      aria-label={`In the way: ${title}`}
      className="mx-3 mt-2 flex gap-3 rounded-lg border border-warn-line bg-warn-soft p-3"
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
      <div className="min-w-0 flex-1">
        <h4 className="font-semibold">{isStuck ? 'This needs your decision' : 'Waiting to be tried again'}</h4>
        <p className="whitespace-pre-line break-words">
          <ForeignText text={waiting.problem.message} />
        </p>
        <p className="break-words text-ink-muted">
          <ForeignText text={waiting.problem.next} />
        </p>
        <div className="mt-2 flex flex-wrap gap-1.5">
          {waiting.for !== 'decision' && (
            <Button size="small" onClick={() => retryOperation(id)} aria-label={`Retry now: ${title}`}>
              Retry now
            </Button>
          )}
          {isStuck && (
            <Button size="small" variant="ghost" onClick={() => acceptOperation(id)} aria-label={`Accept as is: ${title}`}>
              Accept as is
            </Button>
          )}
        </div>
      </div>
    </section>
  )
}
