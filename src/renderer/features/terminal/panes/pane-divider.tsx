import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import { classNames } from '../../../ui/class-names'
import type { Divider } from './pane-tree'

const STEP = 0.02

interface PaneDividerProps {
  divider: Divider
  /** The element that the shares are shares of. */
  area(): HTMLElement | null
  onResize(share: number): void
  onEnd(): void
}

/** The line between two panes: dragged, or moved with the arrow keys; a double click makes both the same. */
export function PaneDivider({ divider, area, onResize, onEnd }: PaneDividerProps) {
  const [dragging, setDragging] = useState(false)
  const isRow = divider.direction === 'right'
  const { rectangle, share, extent } = divider

  function shareAt({ clientX, clientY }: PointerEvent): number | null {
    const whole = area()?.getBoundingClientRect()
    if (!whole) return null
    const at = isRow ? (clientX - whole.left) / whole.width : (clientY - whole.top) / whole.height
    const begin = (isRow ? rectangle.left : rectangle.top) - share * extent
    return (at - begin) / extent
  }

  function move(event: PointerEvent): void {
    if (!dragging) return
    const next = shareAt(event)
    if (next !== null) onResize(next)
  }

  function endDrag(): void {
    if (!dragging) return
    setDragging(false)
    onEnd()
  }

  function onKeyDown(event: KeyboardEvent): void {
    const [less, more] = isRow ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown']
    const next = { [less ?? '']: share - STEP / extent, [more ?? '']: share + STEP / extent, Home: 0, End: 1, Enter: 0.5 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    onResize(next)
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr takes no focus and no value
    <div
      role="separator"
      tabIndex={0}
      aria-label={isRow ? 'Between the panes left and right' : 'Between the panes above and below'}
      aria-orientation={isRow ? 'vertical' : 'horizontal'}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setDragging(true)
      }}
      onPointerMove={move}
      onPointerUp={endDrag}
      onPointerCancel={endDrag}
      onDoubleClick={() => {
        onResize(0.5)
        onEnd()
      }}
      onKeyDown={onKeyDown}
      onKeyUp={onEnd}
      onBlur={onEnd}
      style={{
        left: `${rectangle.left * 100}%`,
        top: `${rectangle.top * 100}%`,
        ...(isRow ? { height: `${rectangle.height * 100}%` } : { width: `${rectangle.width * 100}%` }),
      }}
      className={classNames(
        'group absolute z-10 touch-none focus-visible:outline-none',
        isRow ? '-ml-1 w-2 cursor-col-resize' : '-mt-1 h-2 cursor-row-resize',
      )}
    >
      <div
        className={classNames(
          'absolute bg-line-strong group-hover:bg-accent group-focus-visible:bg-accent',
          isRow
            ? 'inset-y-0 left-1/2 w-px group-hover:w-0.5 group-focus-visible:w-1'
            : 'inset-x-0 top-1/2 h-px group-hover:h-0.5 group-focus-visible:h-1',
          dragging && 'bg-accent',
        )}
      />
    </div>
  )
}
