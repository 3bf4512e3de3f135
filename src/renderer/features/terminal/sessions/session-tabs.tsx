import { BellRing, X } from 'lucide-react'
import { type DragEvent, type KeyboardEvent, useRef, useState } from 'react'
import type { TerminalSession } from '../../../../shared/contract/terminals'
import { classNames } from '../../../ui/class-names'
import { Truncated } from '../../../ui/truncated'
import { RenameField } from './rename-field'
import { SessionIcon } from './session-icon'

export interface ShownTab {
  id: string
  title: string
  /** What a person called it; empty if nobody did. */
  name: string
  /** The one that has the keyboard when the tab is shown. */
  session: TerminalSession
  paneCount: number
  hasRung: boolean
}

interface SessionTabsProps {
  tabs: readonly ShownTab[]
  selectedId: string | undefined
  /** Id of the element that shows the tab. */
  panelId: string
  renamingId: string | null
  /** Something is being dragged that may be dropped here. */
  takesDrop: boolean
  /** `typing`: to type in it, rather than to look which one it is. */
  onSelect(tab: ShownTab, typing: boolean): void
  onClose(tab: ShownTab): void
  onMove(tabId: string, index: number): void
  onRename(tab: ShownTab, name: string): void
  onRenaming(tabId: string | null): void
  onDrag(tabId: string | null): void
  onDrop(index: number): void
}

/** Arrow keys go along, with Ctrl they move a tab, Enter goes into the terminal, F2 renames, Delete closes; the cross is the mouse's way to do that. */
export function SessionTabs(props: SessionTabsProps) {
  const { tabs, selectedId, onSelect, onClose, onMove } = props
  const listRef = useRef<HTMLDivElement>(null)
  const [dropIndex, setDropIndex] = useState<number | null>(null)

  function onKeyDown(event: KeyboardEvent<HTMLButtonElement>, tab: ShownTab, index: number): void {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const target = way === undefined ? { Home: 0, End: tabs.length - 1 }[event.key] : index + way
    if (way !== undefined && event.ctrlKey) {
      event.preventDefault()
      onMove(tab.id, way === 1 ? index + 2 : index - 1)
    } else if (target !== undefined) {
      event.preventDefault()
      const next = tabs.at(target % tabs.length)
      if (!next) return
      onSelect(next, false)
      document.getElementById(sessionTabId(next.id))?.focus()
    } else if (event.key === 'Delete') onClose(tab)
    else if (event.key === 'F2') props.onRenaming(tab.id)
  }

  /** Before the tab whose middle is right of the pointer. */
  function indexAt({ clientX }: DragEvent): number {
    const children = [...(listRef.current?.children ?? [])]
    const index = children.findIndex((child) => {
      const { left, width } = child.getBoundingClientRect()
      return clientX < left + width / 2
    })
    return index === -1 ? tabs.length : index
  }

  return (
    <div
      ref={listRef}
      role="tablist"
      aria-label="Sessions"
      tabIndex={-1}
      className="flex min-w-0 items-stretch overflow-x-auto outline-none [scrollbar-width:none]"
      onDragOver={(event) => {
        if (!props.takesDrop) return
        event.preventDefault()
        setDropIndex(indexAt(event))
      }}
      onDragLeave={() => setDropIndex(null)}
      onDrop={(event) => {
        event.preventDefault()
        setDropIndex(null)
        props.onDrop(indexAt(event))
      }}
    >
      {tabs.map((tab, index) => {
        const selected = tab.id === selectedId
        const look = classNames(
          'group relative flex min-w-28 max-w-52 shrink-0 items-center gap-1.5 border-line border-r pr-1 pl-2.5 text-left text-sm focus-visible:outline-offset-[-2px]',
          selected ? 'bg-(--terminal-background) text-ink' : 'text-ink-muted hover:bg-hover hover:text-ink',
          dropIndex === index && 'shadow-[inset_2px_0_0_var(--accent)]',
          dropIndex === tabs.length && index === tabs.length - 1 && 'shadow-[inset_-2px_0_0_var(--accent)]',
        )
        if (tab.id === props.renamingId) {
          return (
            <div key={tab.id} role="presentation" className={look}>
              <RenameField
                label={`Name of ${tab.title}`}
                name={tab.name === '' ? tab.title : tab.name}
                onRename={(name) => props.onRename(tab, name)}
                onCancel={() => {
                  props.onRenaming(null)
                  requestAnimationFrame(() => document.getElementById(sessionTabId(tab.id))?.focus())
                }}
              />
            </div>
          )
        }
        return (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={sessionTabId(tab.id)}
            aria-selected={selected}
            aria-controls={props.panelId}
            tabIndex={selected ? 0 : -1}
            draggable
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move'
              event.dataTransfer.setData('text/plain', tab.title)
              props.onDrag(tab.id)
            }}
            onDragEnd={() => props.onDrag(null)}
            onClick={() => onSelect(tab, true)}
            onDoubleClick={() => props.onRenaming(tab.id)}
            onAuxClick={(event) => event.button === 1 && onClose(tab)}
            onMouseDown={(event) => event.button === 1 && event.preventDefault()}
            onKeyDown={(event) => onKeyDown(event, tab, index)}
            className={look}
          >
            <SessionIcon session={tab.session} />
            <Truncated text={tab.title} className="flex-1 font-mono" />
            {tab.session.status !== 'running' && <span className="sr-only">, {tab.session.status}</span>}
            {tab.hasRung && (
              <>
                <BellRing aria-hidden className="size-3 shrink-0 text-warn" />
                <span className="sr-only">, has rung</span>
              </>
            )}
            {tab.paneCount > 1 && <span className="shrink-0 rounded-sm bg-pressed px-1 text-xs tabular-nums">{tab.paneCount}</span>}
            {/* For the mouse only: the keyboard has Delete, a screen reader the menu. */}
            <span
              aria-hidden
              onClick={(event) => {
                event.stopPropagation()
                onClose(tab)
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

export const sessionTabId = (tabId: string) => `terminal-tab-${tabId}`
