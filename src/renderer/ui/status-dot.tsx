import { classNames } from './class-names'

export type DotState = 'running' | 'stopped' | 'busy' | 'warning' | 'error'

const COLOURS: Record<DotState, string> = {
  running: 'text-good-dot',
  stopped: 'text-ink-faint',
  busy: 'text-accent',
  warning: 'text-warn',
  error: 'text-bad',
}

/** The state as a shape as well as a colour: ● running, ○ stopped, ◐ busy, ▲ needs attention, ✕ error. Its words are beside it, not in it. */
export function StatusDot({ state, className }: { state: DotState; className?: string }) {
  return (
    <svg
      aria-hidden
      viewBox="0 0 12 12"
      className={classNames('size-3 shrink-0', COLOURS[state], state === 'busy' && 'busy-turn', className)}
    >
      {SHAPES[state]}
    </svg>
  )
}

const SHAPES = {
  running: <circle cx="6" cy="6" r="4" fill="currentColor" />,
  stopped: <circle cx="6" cy="6" r="3.25" fill="none" stroke="currentColor" strokeWidth="1.5" />,
  busy: (
    <>
      <circle cx="6" cy="6" r="3.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6 2.75a3.25 3.25 0 0 0 0 6.5z" fill="currentColor" />
    </>
  ),
  warning: <path d="M6 1.75 10.75 10.25H1.25z" fill="currentColor" stroke="currentColor" strokeWidth="1" strokeLinejoin="round" />,
  error: <path d="m3 3 6 6m0-6-6 6" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />,
} satisfies Record<DotState, unknown>
