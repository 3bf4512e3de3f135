import { folderOf } from '../../../shared/files/file-path'
import type { EntryRow } from './file-rows'

/** What a key does in the tree. */
export type TreeAction =
  | { kind: 'select'; path: string }
  | { kind: 'toggle'; path: string; isOpen: boolean }
  | { kind: 'rename' }
  | { kind: 'delete' }

/** The keys of a tree, as the ARIA Authoring Practices have them. `at` is the selected row, -1 for none; null for a key that does nothing. */
export function treeAction(key: string, rows: readonly EntryRow[], at: number, rowsOfPage: number): TreeAction | null {
  const row = rows[at]
  const select = (index: number): TreeAction | null => {
    const target = rows[Math.min(Math.max(index, 0), rows.length - 1)]
    return target ? { kind: 'select', path: target.path } : null
  }
  const toggle = (isOpen: boolean): TreeAction | null => (row ? { kind: 'toggle', path: row.path, isOpen } : null)
  switch (key) {
    case 'ArrowDown':
      return select(at + 1)
    case 'ArrowUp':
      return select(at - 1)
    case 'PageDown':
      return select(at + rowsOfPage)
    case 'PageUp':
      return select(at - rowsOfPage)
    case 'Home':
      return select(0)
    case 'End':
      return select(rows.length - 1)
    case 'ArrowRight':
      if (!row || row.isOpen === null) return null
      return row.isOpen ? select(at + 1) : toggle(true)
    case 'ArrowLeft':
      if (row?.isOpen) return toggle(false)
      return row ? select(rows.findIndex(({ path }) => path === folderOf(row.path))) : null
    case 'Enter':
    case ' ':
      return row && row.isOpen !== null ? toggle(!row.isOpen) : null
    case 'F2':
      return row ? { kind: 'rename' } : null
    case 'Delete':
      return row ? { kind: 'delete' } : null
    default:
      return null
  }
}
