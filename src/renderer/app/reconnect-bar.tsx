import { LoaderCircle } from 'lucide-react'
import { reconnectNow } from '../client'
import type { ConnectionState } from '../connection/connection'
import { Button } from '../ui/button'
import { useNow } from '../ui/use-now'

/** Lies over the screens without moving them. What they show is what was last known. */
export function ReconnectBar({ state }: { state: Extract<ConnectionState, { status: 'reconnecting' }> }) {
  return (
    <div
      role="status"
      className="-translate-x-1/2 absolute bottom-9 left-1/2 z-30 flex items-center gap-2 whitespace-nowrap rounded-lg border border-warn-line bg-warn-soft py-1 pr-1 pl-3 shadow-overlay"
    >
      <LoaderCircle aria-hidden className="busy-turn size-3.5 text-warn" />
      <span>Berth is not responding. Reconnecting…</span>
      {state.retryAt !== null && <Countdown until={state.retryAt} />}
      <Button size="small" variant="ghost" onClick={reconnectNow}>
        Now
      </Button>
    </div>
  )
}

function Countdown({ until }: { until: number }) {
  const seconds = Math.ceil((until - useNow('second')) / 1000)
  return seconds > 1 ? <span className="text-ink-muted tabular-nums">{seconds} s</span> : null
}
