import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface EmptyStateProps {
  icon: LucideIcon
  title: string
  children?: ReactNode
}

/** What a place says when there is nothing in it: why, and what to do. */
export function EmptyState({ icon: Icon, title, children }: EmptyStateProps) {
  return (
    <div className="flex flex-1 flex-col items-center justify-center gap-2 p-8 text-center">
      <Icon aria-hidden className="size-6 text-ink-faint" strokeWidth={1.5} />
      <h2 className="font-semibold text-lg">{title}</h2>
      <div className="flex max-w-md flex-col items-center gap-3 text-balance text-ink-muted">{children}</div>
    </div>
  )
}
