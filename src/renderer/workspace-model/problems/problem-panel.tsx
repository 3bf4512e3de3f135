import { CircleAlert, TriangleAlert } from 'lucide-react'
import { Button } from '../../ui/button'
import { classNames } from '../../ui/class-names'
import { ForeignText } from '../../ui/foreign-text'
import type { Presentation } from './present-problem'
import { stepActions } from './run-suggested-action'

interface ProblemPanelProps {
  presentation: Presentation
  /** `warning` for what still works in part. */
  tone?: 'error' | 'warning'
  onRetry?: (() => void) | undefined
  className?: string
}

/** A problem where it happened: what, why, and what to do as buttons. */
export function ProblemPanel({ presentation, tone = 'error', onRetry, className }: ProblemPanelProps) {
  const { title, message, next } = presentation
  const Icon = tone === 'error' ? CircleAlert : TriangleAlert
  return (
    <section
      role="alert"
      aria-label={title}
      className={classNames(
        'flex gap-3 rounded-lg border p-3',
        tone === 'error' ? 'border-bad-line bg-bad-soft' : 'border-warn-line bg-warn-soft',
        className,
      )}
    >
      <Icon aria-hidden className={classNames('mt-0.5 size-4 shrink-0', tone === 'error' ? 'text-bad' : 'text-warn')} />
      <div className="min-w-0 flex-1">
        <h3 className="font-semibold">{title}</h3>
        <p className="whitespace-pre-line break-words">
          <ForeignText text={message} />
        </p>
        {next && (
          <p className="break-words text-ink-muted">
            <ForeignText text={next} />
          </p>
        )}
        <div className="mt-2 flex flex-wrap gap-1.5 empty:hidden">
          {stepActions({ presentation, onRetry }).map(({ label, run }, index) => (
            <Button key={label} size="small" variant={index === 0 ? 'secondary' : 'ghost'} onClick={run}>
              {label}
            </Button>
          ))}
        </div>
      </div>
    </section>
  )
}
