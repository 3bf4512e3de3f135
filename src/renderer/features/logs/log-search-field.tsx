import { CaseSensitive, ChevronDown, ChevronUp, Regex, Search } from 'lucide-react'
import type { KeyboardEvent, RefObject } from 'react'
import { IconButton, IconToggle } from '../../ui/button'
import type { LogClient } from './log-client'
import { useLogView } from './use-log'
import type { LogView } from './worker/protocol'
import type { LogQuery } from './worker/search-chunk'

interface LogSearchFieldProps {
  inputRef: RefObject<HTMLInputElement | null>
  query: LogQuery
  onQuery(query: LogQuery): void
  log: LogClient
  onStep(direction: 1 | -1): void
  onLeave(): void
}

export function LogSearchField({ inputRef, query, onQuery, log, onStep, onLeave }: LogSearchFieldProps) {
  const status = useLogView(log, ({ search }) => search.status) ?? 'idle'
  const total = useLogView(log, ({ search }) => search.total) ?? 0
  const position = useLogView(log, ({ search }) => search.position)
  const found = { status, total, position }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1)
    else if (event.key === 'Escape') onLeave()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <>
      <div className="flex h-6 min-w-40 max-w-96 flex-1 items-center gap-1 rounded-md border border-line-strong bg-canvas pr-0.5 pl-2 focus-within:border-accent">
        <Search aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
        <input
          ref={inputRef}
          type="search"
          aria-label="Search in the log"
          aria-invalid={found.status === 'invalid'}
          placeholder="Search"
          spellCheck={false}
          maxLength={1000}
          value={query.text}
          onChange={(event) => onQuery({ ...query, text: event.target.value })}
          onKeyDown={onKeyDown}
          className="min-w-0 flex-1 bg-transparent text-sm outline-none placeholder:text-ink-faint [&::-webkit-search-cancel-button]:hidden"
        />
        <output aria-live="polite" className={`shrink-0 text-xs tabular-nums ${isFault(found) ? 'text-bad' : 'text-ink-muted'}`}>
          {foundInWords(query, found)}
        </output>
        <IconToggle
          icon={CaseSensitive}
          label="Match case"
          isOn={query.matchCase}
          className="size-5"
          onClick={() => onQuery({ ...query, matchCase: !query.matchCase })}
        />
        <IconToggle
          icon={Regex}
          label="Regular expression"
          isOn={query.isPattern}
          className="size-5"
          onClick={() => onQuery({ ...query, isPattern: !query.isPattern })}
        />
      </div>
      <IconButton
        icon={ChevronUp}
        label="Previous match"
        shortcut="Shift Enter"
        size="small"
        disabled={found.total === 0}
        onClick={() => onStep(-1)}
      />
      <IconButton
        icon={ChevronDown}
        label="Next match"
        shortcut="Enter"
        size="small"
        disabled={found.total === 0}
        onClick={() => onStep(1)}
      />
    </>
  )
}

function isFault({ status }: LogView['search']): boolean {
  return status === 'invalid' || status === 'too-slow'
}

function foundInWords({ text }: LogQuery, { status, total, position }: LogView['search']): string {
  if (text === '') return ''
  switch (status) {
    case 'idle':
      return ''
    case 'invalid':
      return 'Not a valid pattern'
    case 'too-slow':
      return 'The pattern takes too long'
    case 'running':
    case 'done':
      if (total === 0) return status === 'running' ? 'Searching…' : 'No match'
      return `${position === null ? '' : `${position.toLocaleString()} of `}${total.toLocaleString()}${status === 'running' ? '…' : ''}`
    default:
      return status satisfies never
  }
}
