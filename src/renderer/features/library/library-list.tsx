import { useVirtualizer } from '@tanstack/react-virtual'
import { History, type LucideIcon, TriangleAlert } from 'lucide-react'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import type { LibraryEntry, LibraryIndex } from '../../../shared/contract/library'
import { classNames } from '../../ui/class-names'
import { TextInput } from '../../ui/field'
import { ForeignText } from '../../ui/foreign-text'
import { Skeleton } from '../../ui/skeleton'
import { ENTRY_GROUPS, type Selection } from './entry-groups'

const ROW_PX = 28
/** Rows beside those in sight. */
const SPARE_ROWS = 12

type ListRow =
  | { kind: 'heading'; title: string }
  | { kind: 'none'; text: string }
  | { kind: 'entry'; entry: LibraryEntry; icon: LucideIcon }

interface LibraryListProps {
  index: LibraryIndex | null
  selection: Selection
  /** Files with a text that is not saved. */
  unsaved: ReadonlySet<string>
  /** Files that are not committed. */
  changes: number
  onSelect(selection: Selection): void
}

/** Everything the library has, with marks for what is wrong or not saved. There may be thousands: only rows in sight are drawn. */
export function LibraryList({ index, selection, unsaved, changes, onSelect }: LibraryListProps) {
  const [query, setQuery] = useState('')
  const sought = useDeferredValue(query.trim().toLowerCase())
  const rows = useMemo(() => (index === null ? [] : rowsOf(index.entries, sought)), [index, sought])
  const scroller = useRef<HTMLDivElement>(null)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: (at) => keyOf(rows[at], at),
    overscan: SPARE_ROWS,
  })
  return (
    <nav
      aria-label="Library"
      className="flex w-44 shrink-0 flex-col border-line border-r max-sm:h-48 max-sm:w-full max-sm:border-r-0 max-sm:border-b min-[900px]:w-64"
    >
      <div className="flex flex-col gap-2 p-2">
        <TextInput aria-label="Filter the library" placeholder="Filter" value={query} onChange={(event) => setQuery(event.target.value)} />
        <Row
          icon={History}
          label="History"
          note={changes === 0 ? '' : String(changes)}
          isOn={selection === null}
          onClick={() => onSelect(null)}
        />
      </div>
      {index === null && <Skeleton className="mx-2 h-24" />}
      {index?.problems.map((problem) => (
        <p key={problem} className="px-4 py-1 text-sm text-warn">
          <ForeignText text={problem} />
        </p>
      ))}
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-2">
        <ul aria-label="Entries" className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ key, index: at, start }) => {
            const row = rows[at]
            return (
              row !== undefined && (
                <li key={key} className="absolute inset-x-0 top-0 h-7" style={{ transform: `translateY(${start}px)` }}>
                  {row.kind === 'heading' ? (
                    <h2 className="px-2 pt-1.5 font-medium text-ink-muted text-sm">{row.title}</h2>
                  ) : row.kind === 'none' ? (
                    <p className="px-2 text-ink-faint text-sm">{row.text}</p>
                  ) : (
                    <EntryRow entry={row.entry} icon={row.icon} selection={selection} unsaved={unsaved} onSelect={onSelect} />
                  )}
                </li>
              )
            )
          })}
        </ul>
      </div>
    </nav>
  )
}

function rowsOf(entries: readonly LibraryEntry[], sought: string): ListRow[] {
  return ENTRY_GROUPS.flatMap(({ kind, title, icon }): ListRow[] => {
    const found = entries.filter((entry) => entry.kind === kind && matches(entry, sought))
    const none: ListRow[] = found.length === 0 ? [{ kind: 'none', text: sought === '' ? 'None yet' : 'None of that' }] : []
    return [{ kind: 'heading', title }, ...none, ...found.map((entry): ListRow => ({ kind: 'entry', entry, icon }))]
  })
}

function keyOf(row: ListRow | undefined, at: number): string | number {
  return row?.kind === 'entry' ? `${row.entry.kind}/${row.entry.id}` : at
}

function matches({ id, name, description }: LibraryEntry, sought: string): boolean {
  return sought === '' || [id, name, description ?? ''].some((text) => text.toLowerCase().includes(sought))
}

type EntryRowProps = Pick<LibraryListProps, 'selection' | 'unsaved' | 'onSelect'> & { entry: LibraryEntry; icon: LucideIcon }

function EntryRow({ entry: { kind, id, file, problems }, icon, selection, unsaved, onSelect }: EntryRowProps) {
  return (
    <Row
      icon={icon}
      label={id}
      note={file !== null && unsaved.has(file) ? '●' : ''}
      hasProblem={problems.length > 0}
      isOn={selection?.kind === kind && selection.id === id}
      onClick={() => onSelect({ kind, id })}
    />
  )
}

interface RowProps {
  icon: LucideIcon
  label: string
  note: string
  hasProblem?: boolean
  isOn: boolean
  onClick(): void
}

function Row({ icon: Icon, label, note, hasProblem = false, isOn, onClick }: RowProps) {
  return (
    <button
      type="button"
      aria-current={isOn || undefined}
      onClick={onClick}
      className={classNames(
        'flex h-7 w-full items-center gap-2 rounded-md px-2 text-left focus-visible:-outline-offset-2',
        isOn ? 'bg-selected font-medium' : 'hover:bg-hover',
      )}
    >
      <Icon aria-hidden className="size-3.5 shrink-0 text-ink-muted" />
      <span className="min-w-0 flex-1 truncate">
        <ForeignText text={label} />
      </span>
      {note === '●' ? (
        <span className="text-accent">
          <span aria-hidden>●</span>
          <span className="sr-only">not saved</span>
        </span>
      ) : (
        note !== '' && <span className="text-ink-muted text-sm tabular-nums">{note}</span>
      )}
      {hasProblem && (
        <>
          <TriangleAlert aria-hidden className="size-3.5 shrink-0 text-warn" />
          <span className="sr-only">has problems</span>
        </>
      )}
    </button>
  )
}
