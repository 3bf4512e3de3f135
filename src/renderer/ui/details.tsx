import type { ReactNode } from 'react'
import { CopyButton } from './copy-button'
import { ForeignText } from './foreign-text'
import { Truncated } from './truncated'

/** Names and values below one another. */
export function Details({ children }: { children: ReactNode }) {
  return <dl className="flex flex-col">{children}</dl>
}

interface DetailProps {
  name: string
  children: ReactNode
}

export function Detail({ name, children }: DetailProps) {
  return (
    <div className="flex gap-3">
      <dt className="w-26 shrink-0 whitespace-nowrap text-ink-muted leading-7">{name}</dt>
      <dd className="flex min-h-7 min-w-0 flex-1 items-center gap-1">{children}</dd>
    </div>
  )
}

/** A value for machines: monospace, cut where there is no room, with a button that copies all of it. */
export function CopyableValue({ value, label, shown = value }: { value: string; label: string; shown?: string }) {
  return (
    <>
      <Truncated text={value} className="font-mono text-sm">
        <ForeignText text={shown} />
      </Truncated>
      <CopyButton text={value} label={label} />
    </>
  )
}
