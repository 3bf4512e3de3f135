import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronRight, File, FileSymlink, Folder, FolderOpen, FolderSymlink, type LucideIcon, Plug } from 'lucide-react'
import { type KeyboardEvent, type MouseEvent, useEffect, useEffectEvent, useId, useRef } from 'react'
import { formatBytes } from '../../../shared/byte-size'
import type { FileEntry } from '../../../shared/contract/files'
import { folderOf } from '../../../shared/files/file-path'
import { classNames } from '../../ui/class-names'
import { ForeignText } from '../../ui/foreign-text'
import { formatClock } from '../../ui/format'
import { Skeleton } from '../../ui/skeleton'
import { Truncated } from '../../ui/truncated'
import { useNow } from '../../ui/use-now'
import { type EntryRow, type FileRow, isFolderLike, type RemarkRow } from './file-rows'
import { treeAction } from './tree-keys'

const ROW_HEIGHT = 26
const INDENT = 14

interface FileTreeViewProps {
  label: string
  rows: readonly FileRow[]
  selected: string | null
  /** The folder that a drag would go into; null while nothing is dragged. */
  dropFolder: string | null
  onSelect(path: string): void
  onToggle(path: string, isOpen: boolean): void
  onRename(): void
  onDelete(): void
}

/** Only the rows in sight are in the document. The arrow keys move and open; F2 renames, Delete deletes. */
export function FileTreeView({ label, rows, selected, dropFolder, onSelect, onToggle, onRename, onDelete }: FileTreeViewProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const id = useId()
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => keyOf(rows[index], index),
    overscan: 12,
    paddingStart: 4,
    paddingEnd: 4,
  })
  const entries = rows.flatMap((row, index) => (row.kind === 'entry' ? [{ row, index }] : []))
  const at = entries.findIndex(({ row }) => row.path === selected)
  const index = entries[at]?.index

  useEffect(() => {
    if (index !== undefined) virtualizer.scrollToIndex(index, { align: 'auto' })
  }, [index, virtualizer])

  const first = entries[0]?.row.path
  /** Whoever comes by keyboard has a row to start from, also when the rows come later. */
  const selectFirst = () => {
    if (selected === null && first !== undefined && document.activeElement === scroller.current) onSelect(first)
  }
  const onRows = useEffectEvent(selectFirst)
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the first row comes, or nothing is selected any more
  useEffect(() => onRows(), [first, selected])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const rowsOfPage = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1)
    const entryRows = entries.map(({ row }) => row)
    const action = treeAction(event.key, entryRows, at, rowsOfPage)
    if (action === null) return
    event.preventDefault()
    switch (action.kind) {
      case 'select':
        return onSelect(action.path)
      case 'toggle':
        return onToggle(action.path, action.isOpen)
      case 'rename':
        return onRename()
      case 'delete':
        return onDelete()
      default:
        action satisfies never
    }
  }

  return (
    <div
      ref={scroller}
      role="tree"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={index === undefined ? undefined : `${id}-${index}`}
      onKeyDown={onKeyDown}
      onFocus={selectFirst}
      className="min-h-0 flex-1 overflow-auto outline-offset-[-2px]"
    >
      <div role="presentation" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const row = rows[item.index]
          if (row === undefined) return null
          const style = { height: ROW_HEIGHT, transform: `translateY(${item.start}px)`, paddingLeft: 6 + (row.level - 1) * INDENT }
          if (row.kind === 'remark') return <Remark key={item.key} row={row} style={style} />
          return (
            <TreeItem
              key={item.key}
              id={`${id}-${item.index}`}
              row={row}
              style={style}
              isSelected={row.path === selected}
              isDropTarget={row.path === dropFolder}
              onClick={(event) => {
                onSelect(row.path)
                if (row.isOpen !== null && event.detail < 2) onToggle(row.path, !row.isOpen)
              }}
            />
          )
        })}
      </div>
    </div>
  )
}

const keyOf = (row: FileRow | undefined, index: number) =>
  row === undefined ? index : row.kind === 'entry' ? row.path : `${row.path}\0${row.remark}`

interface TreeItemProps {
  id: string
  row: EntryRow
  style: { height: number; transform: string; paddingLeft: number }
  isSelected: boolean
  isDropTarget: boolean
  onClick(event: MouseEvent): void
}

function TreeItem({ id, row, style, isSelected, isDropTarget, onClick }: TreeItemProps) {
  const { entry, isOpen } = row
  const now = useNow()
  const Icon = iconOf(entry, isOpen === true)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keyboard
    <div
      id={id}
      role="treeitem"
      tabIndex={-1}
      aria-level={row.level}
      aria-setsize={row.siblings}
      aria-posinset={row.position}
      aria-selected={isSelected}
      aria-expanded={isOpen ?? undefined}
      data-path={row.path}
      data-folder={isFolderLike(entry) ? row.path : folderOf(row.path)}
      onClick={onClick}
      style={style}
      className={classNames(
        'absolute inset-x-0 top-0 flex cursor-default select-none items-center gap-1.5 pr-3 outline-none',
        isSelected ? 'bg-selected' : 'hover:bg-hover',
        isDropTarget && 'bg-accent-soft shadow-[inset_0_0_0_1px_var(--accent)]',
      )}
    >
      <ChevronRight
        aria-hidden
        className={classNames('size-3.5 shrink-0 text-ink-faint', isOpen === null && 'invisible', isOpen && 'rotate-90')}
      />
      <Icon
        aria-hidden
        className={classNames('size-4 shrink-0', isFolderLike(entry) ? 'text-accent' : 'text-ink-muted')}
        strokeWidth={1.5}
      />
      <Truncated text={entry.name} className="flex-1" />
      {entry.link !== null && (
        <span className="min-w-0 max-w-2/5 truncate text-ink-faint text-sm">
          → <ForeignText text={entry.link.target} />
          {entry.link.kind === null && ' (missing)'}
        </span>
      )}
      <span className="@max-lg:hidden w-28 shrink-0 text-right text-ink-muted text-sm tabular-nums">
        {formatClock(entry.modifiedAt, now)}
      </span>
      <span className="w-16 shrink-0 text-right text-ink-muted text-sm tabular-nums">
        {entry.kind === 'file' ? formatBytes(entry.size) : ''}
      </span>
    </div>
  )
}

function iconOf(entry: FileEntry, isOpen: boolean): LucideIcon {
  if (entry.kind === 'link') return isFolderLike(entry) ? FolderSymlink : FileSymlink
  if (entry.kind === 'folder') return isOpen ? FolderOpen : Folder
  return entry.kind === 'file' ? File : Plug
}

function Remark({ row, style }: { row: RemarkRow; style: TreeItemProps['style'] }) {
  return (
    <div role="presentation" style={style} className="absolute inset-x-0 top-0 flex items-center gap-1.5 pr-3 text-ink-muted text-sm">
      <span className="w-9 shrink-0" />
      {row.remark === 'loading' ? (
        <Skeleton className="h-3 w-40" />
      ) : (
        <Truncated text={remarkText(row)} className={row.remark === 'failed' ? 'text-bad' : ''} />
      )}
    </div>
  )
}

function remarkText({ remark, reason, count }: RemarkRow): string {
  switch (remark) {
    case 'loading':
      return 'Loading…'
    case 'empty':
      return 'Empty'
    case 'failed':
      return reason
    case 'truncated':
      return `Only ${count.toLocaleString('en')} entries are shown. Use a terminal for the rest.`
    case 'unnamed':
      return `${count} not shown: ${count === 1 ? 'its name is' : 'their names are'} not UTF-8.`
    default:
      return remark satisfies never
  }
}
