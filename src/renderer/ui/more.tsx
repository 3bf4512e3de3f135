import { ChevronRight } from 'lucide-react'
import { Collapsible } from 'radix-ui'
import type { ReactNode } from 'react'

interface MoreProps {
  open: boolean
  onOpenChange(open: boolean): void
  children: ReactNode
}

/** What a dialog asks only those who want to be asked. */
export function More({ open, onOpenChange, children }: MoreProps) {
  return (
    <Collapsible.Root open={open} onOpenChange={onOpenChange}>
      <Collapsible.Trigger className="group -ml-1 flex h-6 items-center gap-1 rounded-md pr-2 pl-1 text-ink-muted hover:text-ink">
        <ChevronRight aria-hidden className="size-3.5 group-data-[state=open]:rotate-90" />
        More
      </Collapsible.Trigger>
      <Collapsible.Content className="flex flex-col gap-3 pt-2">{children}</Collapsible.Content>
    </Collapsible.Root>
  )
}
