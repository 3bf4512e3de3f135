import { ArrowDownToLine, CaseSensitive, ChevronDown, ChevronUp, Clock, Download, Eraser, Search, WrapText } from 'lucide-react'
import type { KeyboardEvent, RefObject } from 'react'
import { Button, IconButton } from '../../ui/button'
import { CopyButton } from '../../ui/copy-button'
import { MAX_MATCHES } from './log-search'
import type { UsedLogSearch } from './use-log-search'

interface LogToolbarProps {
  searchRef: RefObject<HTMLInputElement | null>
  search: UsedLogSearch
  onLeaveSearch(): void
  follow: boolean
  onFollow(follow: boolean): void
  wrap: boolean
  onWrap(wrap: boolean): void
  showTime: boolean
  onShowTime(show: boolean): void
  onClear(): void
  onSave(): void
  text(): string
  empty: boolean
}

const PRESSED = 'aria-pressed:bg-accent-soft aria-pressed:text-accent'

export function LogToolbar(props: LogToolbarProps) {
  const { search, follow, wrap, showTime, empty } = props
  const { query, matchCase } = search

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Enter') search.step(event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape') props.onLeaveSearch()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <div role="toolbar" aria-label="Log" className="flex shrink-0 flex-wrap items-center gap-1 border-line border-b bg-sunken px-2 py-1">
      <div className="flex h-6 min-w-0 max-w-80 flex-1 items-center gap-1.5 rounded-md border border-line-strong bg-canvas pr-0.5 pl-2 focus-within:border-accent">
        <Search aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
        <input
          ref={props.searchRef}
          type="search"
          aria-label="Search in the log"
          placeholder="Search"
          value={query}
          onChange={(event) => search.search(event.target.value, matchCase)}
          onKeyDown={onKeyDown}
          className="min-w-0 flex-1 bg-transparent text-sm outline-none placeholder:text-ink-faint [&::-webkit-search-cancel-button]:hidden"
        />
        <output aria-live="polite" className="shrink-0 text-ink-muted text-xs tabular-nums">
          {countInWords(search)}
        </output>
        <IconButton
          icon={CaseSensitive}
          label="Match case"
          size="small"
          aria-pressed={matchCase}
          className={`size-5 ${PRESSED}`}
          onClick={() => search.search(query, !matchCase)}
        />
      </div>
      <IconButton
        icon={ChevronUp}
        label="Previous match"
        shortcut="Shift Enter"
        size="small"
        disabled={search.matches.length === 0}
        onClick={() => search.step(-1)}
      />
      <IconButton
        icon={ChevronDown}
        label="Next match"
        shortcut="Enter"
        size="small"
        disabled={search.matches.length === 0}
        onClick={() => search.step(1)}
      />
      <span className="ml-auto" />
      <Button
        variant="ghost"
        size="small"
        icon={ArrowDownToLine}
        aria-pressed={follow}
        className={PRESSED}
        onClick={() => props.onFollow(!follow)}
      >
        Follow
      </Button>
      <IconButton
        icon={WrapText}
        label="Wrap long lines"
        size="small"
        aria-pressed={wrap}
        className={PRESSED}
        onClick={() => props.onWrap(!wrap)}
      />
      <IconButton
        icon={Clock}
        label="Show times"
        size="small"
        aria-pressed={showTime}
        className={PRESSED}
        onClick={() => props.onShowTime(!showTime)}
      />
      <span aria-hidden className="mx-1 h-4 w-px bg-line-strong" />
      <IconButton icon={Eraser} label="Clear this view" size="small" disabled={empty} onClick={props.onClear} />
      <CopyButton label="Copy the log" text={props.text} />
      <IconButton icon={Download} label="Save the log" size="small" disabled={empty} onClick={props.onSave} />
    </div>
  )
}

function countInWords({ query, matches, position }: UsedLogSearch): string {
  if (query === '') return ''
  if (matches.length === 0) return 'No match'
  const total = `${matches.length.toLocaleString()}${matches.length >= MAX_MATCHES ? '+' : ''}`
  return position === null ? total : `${position.toLocaleString()} of ${total}`
}
