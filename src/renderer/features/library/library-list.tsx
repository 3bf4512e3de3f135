import { History, type LucideIcon, TriangleAlert } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import type { LibraryEntry, LibraryIndex } from '../../../shared/contract/library'
import { classNames } from '../../ui/class-names'
import { TextInput } from '../../ui/field'
import { ForeignText } from '../../ui/foreign-text'
import { Skeleton } from '../../ui/skeleton'
import { ENTRY_GROUPS, type Selection } from './entry-groups'

interface LibraryListProps {
  index: LibraryIndex | null
  selection: Selection
  /** Files with a text that is not saved. */
  unsaved: ReadonlySet<string>
  /** Files that are not committed. */
  changes: number
  onSelect(selection: Selection): void
}

/** Everything the library has, with marks for what is wrong or not saved. */
export function LibraryList({ index, selection, unsaved, changes, onSelect }: LibraryListProps) {
  const [query, setQuery] = useState('')
  const sought = useDeferredValue(query.trim().toLowerCase())
  const found = index?.entries.filter((entry) => matches(entry, sought)) ?? []
  return (
    <nav aria-label="Library" className="flex w-44 shrink-0 flex-col border-line border-r min-[900px]:w-64">
      <div className="p-2">
        <TextInput aria-label="Filter the library" placeholder="Filter" value={query} onChange={(event) => setQuery(event.target.value)} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        <Row
          icon={History}
          label="History"
          note={changes === 0 ? '' : String(changes)}
          isOn={selection === null}
          onClick={() => onSelect(null)}
        />
        {index === null && <Skeleton className="mt-3 h-24 w-full" />}
        {index?.problems.map((problem) => (
          <p key={problem} className="px-2 py-1 text-sm text-warn">
            <ForeignText text={problem} />
          </p>
        ))}
        {ENTRY_GROUPS.map(({ kind, title, icon }) => {
          const entries = found.filter((entry) => entry.kind === kind)
          return (
            <section key={kind} aria-label={title}>
              <h2 className="px-2 pt-3 pb-1 font-medium text-ink-muted text-sm">{title}</h2>
              {entries.length === 0 && <p className="px-2 text-ink-faint text-sm">{sought === '' ? 'None yet' : 'None of that'}</p>}
              <ul>
                {entries.map((entry) => (
                  <li key={entry.id} className="[contain-intrinsic-size:auto_28px] [content-visibility:auto]">
                    <Row
                      icon={icon}
                      label={entry.id}
                      note={entry.file !== null && unsaved.has(entry.file) ? '●' : ''}
                      hasProblem={entry.problems.length > 0}
                      isOn={selection?.kind === kind && selection.id === entry.id}
                      onClick={() => onSelect({ kind, id: entry.id })}
                    />
                  </li>
                ))}
              </ul>
            </section>
          )
        })}
      </div>
    </nav>
  )
}

function matches({ id, name, description }: LibraryEntry, sought: string): boolean {
  return sought === '' || [id, name, description ?? ''].some((text) => text.toLowerCase().includes(sought))
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
