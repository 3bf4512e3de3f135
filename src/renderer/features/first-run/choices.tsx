import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { ForeignText } from '../../ui/foreign-text'

/** Ways to begin, side by side where there is room. */
export function Choices({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ul aria-label={label} className="grid w-full grid-cols-[repeat(auto-fit,minmax(136px,1fr))] gap-2">
      {children}
    </ul>
  )
}

interface ChoiceCardProps {
  icon: LucideIcon
  title: string
  text: string
  isCode?: boolean
  onChoose(): void
}

export function ChoiceCard({ icon: Icon, title, text, isCode = false, onChoose }: ChoiceCardProps) {
  return (
    <li>
      <button
        type="button"
        onClick={onChoose}
        className="flex h-full w-full flex-col gap-1 rounded-lg border border-line p-3 text-left transition-colors duration-(--time-fast) hover:border-line-strong hover:bg-hover"
      >
        <Icon aria-hidden className="size-4 text-accent" />
        <span className="mt-1 font-medium">{title}</span>
        <span className={isCode ? 'font-mono text-ink-muted text-sm' : 'text-ink-muted'}>
          <ForeignText text={text} />
        </span>
      </button>
    </li>
  )
}
