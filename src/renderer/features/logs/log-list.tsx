import {
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
  useEffect,
  useEffectEvent,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { isMac } from '../../ui/platform'
import type { LogClient } from './log-client'
import { LogRow } from './log-row'
import { LINE_HEIGHT, offsetOfRow, rowAtOffset, scrollScale } from './scroll-scale'
import type { LogView, WantedRows } from './worker/protocol'

const AT_END_PIXELS = 4
/** Wrapped lines have heights that only the browser knows: so few are left to it as a whole. */
const FEW_ROWS = 400
/** Rows are asked for before the ones to spare come to their end. */
const ROOM_ROWS = 60
/** The bar is put where it belongs once nobody has moved it for so long. */
const SETTLED_MILLISECONDS = 150

export interface LogListHandle {
  /** Number of the first line in sight; 0 when there is none. */
  firstVisibleNumber(): number
}

/** Lines that were chosen, both ends with them. */
export interface LineRange {
  from: number
  to: number
}

interface LogListProps {
  ref: Ref<LogListHandle>
  label: string
  log: LogClient
  follow: boolean
  /** Scrolling up ends following; scrolling to the end takes it up again. */
  onFollow(follow: boolean): void
  /** A row was brought into sight. */
  onReveal(): void
  wrap: boolean
  showTime: boolean
  onCopy(lines: LineRange): void
}

/** The lines in sight, of a million. */
export function LogList({ ref, label, log, follow, onFollow, onReveal, wrap, showTime, onCopy }: LogListProps) {
  const view = useSyncExternalStore(log.subscribe, log.view)
  const scrollRef = useRef<HTMLDivElement>(null)
  const rowsRef = useRef<HTMLDivElement>(null)
  const [height, setHeight] = useState(0)
  const [offset, setOffset] = useState(0)
  const [selection, setSelection] = useState<(LineRange & { anchor: number }) | null>(null)
  const place = useRef({ offset: 0, scrollTop: 0 })
  const wanted = useRef<WantedRows | null>(null)
  const settleTimer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const scale = scrollScale(view.count, height)
  const visibleRows = Math.ceil(height / LINE_HEIGHT) + 1
  const isAtEnd = offset >= scale.maxOffset - 1
  const { row: topRow, hidden } = rowAtOffset(offset)
  const isWhole = wrap && view.count <= FEW_ROWS

  useLayoutEffect(() => {
    const element = scrollRef.current
    if (!element) return
    const observer = new ResizeObserver(() => setHeight(element.clientHeight))
    observer.observe(element)
    setHeight(element.clientHeight)
    return () => observer.disconnect()
  }, [])

  /** Puts the list there, and the bar with it. */
  const moveTo = useEffectEvent((next: number) => {
    const element = scrollRef.current
    if (!element) return
    if (isWhole) {
      element.scrollTop = next >= scale.maxOffset ? element.scrollHeight : next
      return
    }
    const clamped = Math.min(Math.max(0, next), scale.maxOffset)
    element.scrollTop = scale.toScrollTop(clamped)
    place.current = { offset: clamped, scrollTop: element.scrollTop }
    setOffset(clamped)
  })

  // biome-ignore lint/correctness/useExhaustiveDependencies: the end moves with each of these
  useLayoutEffect(() => {
    if (follow) moveTo(scale.maxOffset)
  }, [follow, view.count, height, wrap])

  const takeView = useEffectEvent(() => {
    if (view.reveal !== null) onReveal()
    if (view.reveal !== null && isWhole) rowsRef.current?.children[view.reveal]?.scrollIntoView({ block: 'center' })
    else if (view.reveal !== null) moveTo(offsetOfRow(view.reveal) - (height - LINE_HEIGHT) / 2)
    else if (view.shift !== 0 && !follow) moveTo(place.current.offset + view.shift * LINE_HEIGHT)
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: a view is taken once
  useLayoutEffect(() => takeView(), [view])

  const want = useEffectEvent(() => {
    if (height === 0) return
    const next: WantedRows =
      follow || isWhole
        ? { kind: 'end', rows: isWhole ? FEW_ROWS : visibleRows }
        : { kind: 'at', top: topRow, rows: visibleRows, generation: view.generation }
    const last = wanted.current
    const isSame = last?.kind === next.kind && last.rows === next.rows
    // Rows to spare have come with the last ones.
    if (
      isSame &&
      (next.kind === 'end' || (last.kind === 'at' && last.generation === next.generation && hasRoomAround(view, topRow, visibleRows)))
    )
      return
    wanted.current = next
    log.request({ kind: 'want', rows: next })
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is wanted follows from these
  useEffect(() => want(), [topRow, visibleRows, follow, isWhole, view.generation, view.from])

  useEffect(() => () => clearTimeout(settleTimer.current), [])
  const settle = useEffectEvent(() => {
    const element = scrollRef.current
    if (!element) return
    element.scrollTop = scale.toScrollTop(place.current.offset)
    place.current.scrollTop = element.scrollTop
  })

  function onScroll(): void {
    const element = scrollRef.current
    if (!element || element.scrollTop === place.current.scrollTop) return
    if (isWhole) {
      const isBottom = element.scrollTop + element.clientHeight >= element.scrollHeight - AT_END_PIXELS
      if (isBottom !== follow && (isBottom || element.scrollTop < place.current.scrollTop)) onFollow(isBottom)
      place.current = { offset: element.scrollTop, scrollTop: element.scrollTop }
      return
    }
    const before = place.current
    const next = scale.toOffset(before, element.scrollTop)
    place.current = { offset: next, scrollTop: element.scrollTop }
    setOffset(next)
    clearTimeout(settleTimer.current)
    settleTimer.current = setTimeout(() => settle(), SETTLED_MILLISECONDS)
    const atEnd = next >= scale.maxOffset - AT_END_PIXELS
    if (atEnd !== follow && (atEnd || next < before.offset)) onFollow(atEnd)
  }

  useImperativeHandle(ref, () => ({
    firstVisibleNumber: () => (view.rows[topRow - view.from] ?? view.rows[0])?.number ?? 0,
  }))

  /** A click marks a line, another with Shift all up to there. */
  function onMouseDown(event: MouseEvent): void {
    const row = event.target instanceof Element ? event.target.closest('[data-number]') : null
    const number = row === null ? Number.NaN : Number(row.getAttribute('data-number'))
    if (event.button !== 0 || Number.isNaN(number)) return
    if (!event.shiftKey || selection === null) {
      setSelection({ anchor: number, from: number, to: number - 1 })
      return
    }
    event.preventDefault()
    scrollRef.current?.focus({ preventScroll: true })
    const { anchor } = selection
    setSelection({ anchor, from: Math.min(anchor, number), to: Math.max(anchor, number) })
  }

  function onKeyDown(event: KeyboardEvent): void {
    const isCommand = (isMac ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey
    const isChosen = selection !== null && selection.to >= selection.from
    if (event.key === 'Escape' && isChosen) setSelection(null)
    else if (isCommand && event.key === 'a') setSelection({ anchor: 0, from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER })
    else if (isCommand && event.key === 'c' && isChosen && getSelection()?.isCollapsed !== false) onCopy(selection)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const isSelected = (number: number) => selection !== null && number >= selection.from && number <= selection.to
  const lastRow = view.from + view.rows.length
  const firstShown = isWhole ? view.from : wrap && isAtEnd ? Math.max(view.from, lastRow - visibleRows) : Math.max(view.from, topRow)
  const endShown = isWhole || (wrap && isAtEnd) ? lastRow : topRow + visibleRows + 1
  const rows = view.rows
    .slice(firstShown - view.from, Math.max(0, endShown - view.from))
    .map((row) => <LogRow key={row.number} row={row} wrap={wrap} showTime={showTime} selected={isSelected(row.number)} />)
  const minWidth = wrap ? undefined : `calc(${view.longest + (showTime ? 12 : 0)}ch + 40px)`

  return (
    <div
      ref={scrollRef}
      role="log"
      aria-label={label}
      aria-live="off"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
      tabIndex={0}
      onScroll={onScroll}
      onMouseDown={onMouseDown}
      onKeyDown={onKeyDown}
      className="log-lines min-h-0 flex-1 overflow-auto bg-(--terminal-background) text-(--terminal-foreground) focus-visible:outline-offset-[-2px]"
    >
      {isWhole ? (
        <div ref={rowsRef} className="py-1.5">
          {rows}
        </div>
      ) : (
        <div style={{ height: scale.barHeight, minWidth }}>
          <div className="sticky top-0 flex flex-col overflow-clip" style={{ height, justifyContent: wrap && isAtEnd ? 'end' : 'start' }}>
            <div
              ref={rowsRef}
              className={wrap && isAtEnd ? 'min-h-full shrink-0 pb-1.5' : 'shrink-0'}
              // Rows that have not come yet leave room.
              style={wrap && isAtEnd ? undefined : { transform: `translateY(${(firstShown - topRow) * LINE_HEIGHT - hidden}px)` }}
            >
              {rows}
            </div>
          </div>
        </div>
      )}
    </div>
  )
}

/** Rows are there for a while of scrolling either way. */
function hasRoomAround({ from, rows, count }: LogView, top: number, visible: number): boolean {
  const before = Math.min(top, ROOM_ROWS)
  const behind = Math.min(Math.max(0, count - top - visible), ROOM_ROWS)
  return from <= top - before && from + rows.length >= Math.min(count, top + visible + behind)
}
