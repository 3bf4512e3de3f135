import { CaseSensitive, ChevronDown, ChevronUp, Regex, Search, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useEffectEvent, useRef, useState } from 'react'
import { IconButton, IconToggle } from '../../../ui/button'
import { classNames } from '../../../ui/class-names'
import { MOST_MATCHES, type SearchQuery, type SearchResult, type TerminalSearch } from './terminal-search'

interface SearchBarProps {
  search: TerminalSearch
  result: SearchResult | null
  /** Changes when it is asked for once more: the field then gets the focus. */
  request: number
  /** The pane has a bar with its title. */
  isBelowBar: boolean
  onClose(): void
}

/** Search in one terminal, over its upper right corner. */
export function SearchBar({ search, result, request, isBelowBar, onClose }: SearchBarProps) {
  const inputRef = useRef<HTMLInputElement>(null)
  const [query, setQuery] = useState<SearchQuery>({ text: '', regex: false, matchCase: false })

  useEffect(() => {
    if (request > 0) inputRef.current?.select()
  }, [request])
  const endSearch = useEffectEvent(() => search.end())
  useEffect(() => () => endSearch(), [])

  function change(changes: Partial<SearchQuery>): void {
    const next = { ...query, ...changes }
    setQuery(next)
    search.find(next, 'typing')
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === 'Enter') search.find(query, event.shiftKey ? 'previous' : 'next')
    else if (event.key === 'Escape') onClose()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const none = result === null || result.count === 0
  return (
    <search
      aria-label="Search in the terminal"
      onKeyDown={onKeyDown}
      className={classNames(
        isBelowBar ? 'top-8' : 'top-2',
        'absolute right-4 z-10 flex max-w-[calc(100%-24px)] flex-wrap items-center justify-end gap-0.5 rounded-md bg-raised p-1 shadow-overlay',
      )}
    >
      <div className="flex h-7 min-w-[min(11rem,100%)] flex-1 items-center gap-1.5 rounded-md border border-line-strong bg-canvas pr-0.5 pl-2 focus-within:border-accent">
        <Search aria-hidden className="size-3.5 shrink-0 text-ink-faint" />
        <input
          ref={inputRef}
          type="text"
          aria-label="Search for"
          aria-invalid={result?.problem != null}
          placeholder="Search"
          spellCheck={false}
          autoComplete="off"
          value={query.text}
          onChange={(event) => change({ text: event.target.value })}
          className="w-36 min-w-0 flex-1 bg-transparent text-sm outline-none placeholder:text-ink-faint"
        />
        <IconToggle
          icon={CaseSensitive}
          label="Match case"
          isOn={query.matchCase}
          onClick={() => change({ matchCase: !query.matchCase })}
        />
        <IconToggle icon={Regex} label="Regular expression" isOn={query.regex} onClick={() => change({ regex: !query.regex })} />
      </div>
      <output aria-live="polite" className="min-w-20 shrink-0 px-1 text-right text-ink-muted text-xs tabular-nums">
        {inWords(query, result)}
      </output>
      <IconButton
        icon={ChevronUp}
        label="Previous match"
        shortcut="Shift Enter"
        size="small"
        disabled={none}
        onClick={() => search.find(query, 'previous')}
      />
      <IconButton
        icon={ChevronDown}
        label="Next match"
        shortcut="Enter"
        size="small"
        disabled={none}
        onClick={() => search.find(query, 'next')}
      />
      <IconButton icon={X} label="End the search" shortcut="Esc" size="small" onClick={onClose} />
    </search>
  )
}

function inWords({ text }: SearchQuery, result: SearchResult | null): string {
  if (text === '' || result === null) return ''
  if (result.problem !== null) return result.problem
  if (result.count === 0) return 'No match'
  const total = result.count >= MOST_MATCHES ? `${MOST_MATCHES}+` : String(result.count)
  return result.position === null ? total : `${result.position} of ${total}`
}
