import { useState } from 'react'
import { nearestSide } from './dragged-pane'
import type { Side } from './pane-tree'

const HALVES: Record<Side, string> = {
  left: 'inset-y-0 left-0 w-1/2',
  right: 'inset-y-0 right-0 w-1/2',
  up: 'inset-x-0 top-0 h-1/2',
  down: 'inset-x-0 bottom-0 h-1/2',
}

/** Lies over a pane while something is dragged, and shows where it would go. */
export function PaneDropZone({ onDrop }: { onDrop(side: Side): void }) {
  const [side, setSide] = useState<Side | null>(null)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the pointer; the keyboard has the terminal menu
    <div
      data-drop-zone
      className="absolute inset-0 z-20"
      onDragOver={(event) => {
        event.preventDefault()
        setSide(nearestSide(event, event.currentTarget))
      }}
      onDragLeave={() => setSide(null)}
      onDrop={(event) => {
        event.preventDefault()
        onDrop(nearestSide(event, event.currentTarget))
      }}
    >
      {side && <div className={`pointer-events-none absolute ${HALVES[side]} border-2 border-accent bg-accent-fill/20`} />}
    </div>
  )
}
