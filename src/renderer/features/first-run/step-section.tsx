import { Check, ChevronRight } from 'lucide-react'
import { Collapsible } from 'radix-ui'
import type { ReactNode } from 'react'
import { classNames } from '../../ui/class-names'
import { ForeignText } from '../../ui/foreign-text'

export type StepState = 'done' | 'current' | 'later'

interface StepSectionProps {
  number: number
  title: string
  /** How it stands, in a few words. */
  summary: string
  state: StepState
  isOpen: boolean
  onOpenChange(isOpen: boolean): void
  children: ReactNode
}

const STATE_WORDS: Record<StepState, string> = { done: 'done', current: 'to do now', later: 'to do later' }

/** A step: its number or a check mark, how it stands, and what to do below it while it is open. */
export function StepSection({ number, title, summary, state, isOpen, onOpenChange, children }: StepSectionProps) {
  return (
    <Collapsible.Root open={isOpen} onOpenChange={onOpenChange} asChild>
      <li className="border-line not-last:border-b">
        <h2>
          <Collapsible.Trigger className="group flex w-full items-center gap-3 px-3 py-2.5 text-left hover:bg-hover focus-visible:-outline-offset-2">
            <span className="sr-only">
              Step {number}, {STATE_WORDS[state]}:
            </span>
            <StepMark number={number} state={state} />
            <span className="min-w-0 flex-1">
              <span className="block font-semibold">{title}</span>
              <span className="block break-words text-ink-muted text-sm">
                <ForeignText text={summary} />
              </span>
            </span>
            <ChevronRight
              aria-hidden
              className="size-3.5 shrink-0 text-ink-faint transition-transform duration-(--time-fast) group-data-[state=open]:rotate-90"
            />
          </Collapsible.Trigger>
        </h2>
        <Collapsible.Content className="flex flex-col gap-3 pt-1 pr-3 pb-4 pl-3 sm:pl-12">{children}</Collapsible.Content>
      </li>
    </Collapsible.Root>
  )
}

const MARKS: Record<StepState, string> = {
  done: 'border-good text-good',
  current: 'border-accent-fill bg-accent-fill text-on-fill',
  later: 'border-line-strong text-ink-muted',
}

function StepMark({ number, state }: { number: number; state: StepState }) {
  return (
    <span
      aria-hidden
      className={classNames('flex size-6 shrink-0 items-center justify-center rounded-full border font-semibold text-sm', MARKS[state])}
    >
      {state === 'done' ? <Check className="size-3.5" /> : number}
    </span>
  )
}
