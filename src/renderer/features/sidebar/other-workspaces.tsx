import { ChevronRight } from 'lucide-react'
import { Collapsible } from 'radix-ui'
import { useState } from 'react'
import type { Adoptable } from '../../../shared/adoptable'
import { openDialog } from '../../store/dialogs'
import { useAdoptable, useHasSeveralEngines } from '../../store/store'
import { Button } from '../../ui/button'
import { ForeignText } from '../../ui/foreign-text'
import { StatusDot } from '../../ui/status-dot'
import { Truncated } from '../../ui/truncated'
import { makerOf } from '../../workspace-model/workspaces/describe-adoptable'

/** Workspaces of other tools, below one's own. Closed until it is wanted; nothing at all when there are none. */
export function OtherWorkspaces() {
  const adoptable = useAdoptable()
  const [open, setOpen] = useState(false)
  if (adoptable.length === 0) return null
  return (
    <Collapsible.Root open={open} onOpenChange={setOpen} asChild>
      <section aria-label="Other workspaces" className="flex max-h-[45%] shrink-0 flex-col border-line border-t pt-1 pb-1">
        <Collapsible.Trigger className="group mx-2 flex h-7 shrink-0 items-center gap-1 rounded-md px-1 text-ink-muted text-sm hover:bg-hover hover:text-ink">
          <ChevronRight aria-hidden className="size-3.5 group-data-[state=open]:rotate-90" />
          <span className="font-semibold">Other workspaces</span>
          <span className="ml-auto pr-1 tabular-nums">{adoptable.length}</span>
        </Collapsible.Trigger>
        <Collapsible.Content asChild>
          <ul className="min-h-0 overflow-y-auto">
            {adoptable.map((item) => (
              <OtherWorkspace key={item.containerId} adoptable={item} />
            ))}
          </ul>
        </Collapsible.Content>
      </section>
    </Collapsible.Root>
  )
}

function OtherWorkspace({ adoptable }: { adoptable: Adoptable }) {
  const { name, status, containerId, engine } = adoptable
  const whose = useHasSeveralEngines() ? `${makerOf(adoptable)} on ${engine}` : makerOf(adoptable)
  return (
    <li className="mx-2 flex h-7 items-center gap-2 rounded-md pr-0.5 pl-2 hover:bg-hover">
      <StatusDot state={status} />
      <Truncated text={`${name}, of ${whose}`}>
        <span className="text-ink-muted">
          <ForeignText text={name} />
        </span>
      </Truncated>
      <Button
        variant="ghost"
        size="small"
        className="ml-auto"
        aria-label={`Adopt ${name}, ${status}, of ${whose}`}
        onClick={() => openDialog({ kind: 'adopt-workspace', containerId })}
      >
        Adopt
      </Button>
    </li>
  )
}
