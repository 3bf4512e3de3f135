import { CircleOff, SquareTerminal, X } from 'lucide-react'
import { type KeyboardEvent, useRef } from 'react'
import { classNames } from '../../ui/class-names'
import { Truncated } from '../../ui/truncated'
import type { TitledSession } from './session-titles'
import { paneId, sessionTabId } from './terminal-pane'

interface SessionTabsProps {
  sessions: readonly TitledSession[]
  selectedId: string | null
  /** `typing`: to type in it, rather than to look which one it is. */
  onSelect(sessionId: string, typing: boolean): void
  onClose(sessionId: string): void
}

/** Arrow keys go along, Enter goes into the terminal, Delete ends one; the cross is the mouse's way to do that. */
export function SessionTabs({ sessions, selectedId, onSelect, onClose }: SessionTabsProps) {
  const listRef = useRef<HTMLDivElement>(null)

  function onKeyDown(event: KeyboardEvent<HTMLButtonElement>, index: number): void {
    const target = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: sessions.length - 1 }[event.key]
    const session = sessions[index]
    if (target !== undefined) {
      event.preventDefault()
      const next = sessions.at(target % sessions.length)
      if (!next) return
      onSelect(next.session.id, false)
      listRef.current?.querySelector<HTMLElement>(`[id="${CSS.escape(sessionTabId(next.session.id))}"]`)?.focus()
    } else if (event.key === 'Delete' && session) {
      onClose(session.session.id)
    }
  }

  return (
    <div ref={listRef} role="tablist" aria-label="Sessions" className="flex min-w-0 items-stretch overflow-x-auto [scrollbar-width:none]">
      {sessions.map(({ session, title }, index) => {
        const selected = session.id === selectedId
        const hasEnded = session.exitCode !== null
        const Icon = hasEnded ? CircleOff : SquareTerminal
        return (
          <button
            key={session.id}
            type="button"
            role="tab"
            id={sessionTabId(session.id)}
            aria-selected={selected}
            aria-controls={paneId(session.id)}
            tabIndex={selected ? 0 : -1}
            onClick={() => onSelect(session.id, true)}
            onAuxClick={(event) => event.button === 1 && onClose(session.id)}
            onKeyDown={(event) => onKeyDown(event, index)}
            className={classNames(
              'group flex min-w-28 max-w-52 shrink-0 items-center gap-1.5 border-line border-r pr-1 pl-2.5 text-left text-sm focus-visible:outline-offset-[-2px]',
              selected ? 'bg-(--terminal-background) text-ink' : 'text-ink-muted hover:bg-hover hover:text-ink',
            )}
          >
            <Icon aria-hidden className="size-3 shrink-0" />
            <Truncated text={title} className="flex-1 font-mono" />
            {hasEnded && <span className="sr-only">, ended</span>}
            {/* For the mouse only: the keyboard has Delete, a screen reader the menu. */}
            <span
              aria-hidden
              onClick={(event) => {
                event.stopPropagation()
                onClose(session.id)
              }}
              className={classNames(
                'flex size-5 shrink-0 items-center justify-center rounded-sm hover:bg-pressed',
                !selected && 'invisible group-hover:visible',
              )}
            >
              <X className="size-3" />
            </span>
          </button>
        )
      })}
    </div>
  )
}
