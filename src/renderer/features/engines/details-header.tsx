import type { ComponentProps, ReactNode } from 'react'
import { StatusDot } from '../../ui/status-dot'
import { Truncated } from '../../ui/truncated'

interface DetailsHeaderProps {
  name: string
  dot: ComponentProps<typeof StatusDot>['state']
  /** How it is, in a few words. */
  children: ReactNode
  /** New workspaces are made on it. */
  isDefault: boolean
}

/** Above the details of an engine or a Swarm: its name, how it is, and whether it is the one for new workspaces. */
export function DetailsHeader({ name, dot, children, isDefault }: DetailsHeaderProps) {
  return (
    <header className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
      <h2 className="min-w-0 font-semibold text-lg">
        <Truncated text={name} />
      </h2>
      <span role="status" className="flex shrink-0 items-center gap-1.5 text-ink-muted">
        <StatusDot state={dot} />
        {children}
      </span>
      {isDefault && <span className="shrink-0 rounded-sm border border-line px-1.5 text-ink-muted text-sm">for new workspaces</span>}
    </header>
  )
}
