import { useVirtualizer } from '@tanstack/react-virtual'
import { type Ref, useEffectEvent, useImperativeHandle, useLayoutEffect, useRef } from 'react'
import type { LogBuffer, LogView } from './log-buffer'
import { LogRow } from './log-row'
import { type LogMatch, matchesOfLine } from './log-search'

const LINE_HEIGHT = 18
const PADDING = 6
/** Room above the first line for what is not there any more. */
const MARK_HEIGHT = 30
const AT_END_PIXELS = 4

export interface LogListHandle {
  /** Number of the first line in sight. */
  firstVisibleNumber(): number
  reveal(lineNumber: number): void
}

interface LogListProps {
  ref: Ref<LogListHandle>
  label: string
  buffer: LogBuffer
  view: LogView
  follow: boolean
  /** Scrolling up ends following; scrolling to the end takes it up again. */
  onFollow(follow: boolean): void
  wrap: boolean
  showTime: boolean
  matches: readonly LogMatch[]
  currentMatch: LogMatch | null
}

/** The lines in sight, of a hundred thousand. */
export function LogList({ ref, label, buffer, view, follow, onFollow, wrap, showTime, matches, currentMatch }: LogListProps) {
  const scrollRef = useRef<HTMLDivElement>(null)
  const mark = markInWords(view)
  const virtualizer = useVirtualizer({
    count: view.count,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => LINE_HEIGHT,
    getItemKey: (index) => view.firstNumber + index,
    paddingStart: mark === null ? PADDING : MARK_HEIGHT,
    paddingEnd: PADDING,
    overscan: 20,
  })
  const totalHeight = virtualizer.getTotalSize()
  const lastTop = useRef(0)
  // The line at the upper edge, and how far it is above it: kept in place when lines before it go.
  const anchor = useRef({ number: 0, offset: 0 })

  // biome-ignore lint/correctness/useExhaustiveDependencies: lines of another height are measured again
  useLayoutEffect(() => virtualizer.measure(), [wrap, showTime])

  const keepPlace = useEffectEvent(() => {
    if (follow) return
    const index = anchor.current.number - view.firstNumber
    const start = index < 0 ? 0 : (virtualizer.getOffsetForIndex(index, 'start')?.[0] ?? 0) + anchor.current.offset
    virtualizer.scrollToOffset(start)
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: lines go only when the first number changes
  useLayoutEffect(() => keepPlace(), [view.firstNumber])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the end moves with each of these
  useLayoutEffect(() => {
    const element = scrollRef.current
    if (follow && element) element.scrollTop = element.scrollHeight
  }, [follow, view, totalHeight])

  function firstVisible() {
    const top = virtualizer.scrollOffset ?? 0
    return virtualizer.getVirtualItemForOffset(top)
  }

  function onScroll(): void {
    const element = scrollRef.current
    if (!element) return
    const first = firstVisible()
    if (first) anchor.current = { number: view.firstNumber + first.index, offset: element.scrollTop - first.start }
    const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - AT_END_PIXELS
    const wentUp = element.scrollTop < lastTop.current
    lastTop.current = element.scrollTop
    if (atEnd !== follow && (atEnd || wentUp)) onFollow(atEnd)
  }

  useImperativeHandle(ref, () => ({
    firstVisibleNumber: () => view.firstNumber + (firstVisible()?.index ?? 0),
    reveal(lineNumber) {
      const index = lineNumber - view.firstNumber
      if (index >= 0 && index < view.count) virtualizer.scrollToIndex(index, { align: 'center' })
    },
  }))

  return (
    <div
      ref={scrollRef}
      role="log"
      aria-label={label}
      aria-live="off"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
      tabIndex={0}
      onScroll={onScroll}
      className="log-lines min-h-0 flex-1 overflow-auto bg-(--terminal-background) text-(--terminal-foreground) focus-visible:outline-offset-[-2px]"
    >
      <div
        className="relative"
        style={{ height: totalHeight, minWidth: wrap ? undefined : `calc(${view.longest + (showTime ? 12 : 0)}ch + 40px)` }}
      >
        {mark !== null && <p className="sticky left-0 w-fit px-2.5 pt-1.5 text-ink-faint italic">{mark}</p>}
        {virtualizer.getVirtualItems().map((item) => {
          const line = buffer.line(item.index)
          return (
            line && (
              <div
                key={item.key}
                data-index={item.index}
                ref={wrap ? virtualizer.measureElement : null}
                className="absolute top-0 left-0 w-full"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <LogRow
                  line={line}
                  matches={matchesOfLine(matches, line.number)}
                  currentMatch={currentMatch?.number === line.number ? currentMatch : null}
                  wrap={wrap}
                  showTime={showTime}
                />
              </div>
            )
          )
        })}
      </div>
    </div>
  )
}

function markInWords({ dropped, missed, cleared }: LogView): string | null {
  if (dropped > 0) return `${(dropped + missed).toLocaleString()} older lines are not kept here.`
  if (missed > 0) return `${missed.toLocaleString()} lines came too fast and are left out.`
  return cleared ? 'Earlier lines were cleared from this view.' : null
}
