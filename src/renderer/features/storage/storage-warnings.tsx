import { TriangleAlert } from 'lucide-react'
import type { StorageWarning } from '../../../shared/contract/storage'
import { go, routes } from '../../routes'
import { openDialog } from '../../store/dialogs'
import { Button } from '../../ui/button'
import { CLEANUP_ID } from './cleanup-panel'

/** What is nearly full, each with what to do about it. */
export function StorageWarnings({ warnings }: { warnings: readonly StorageWarning[] }) {
  if (warnings.length === 0) return null
  return (
    <ul aria-label="Nearly full" className="flex flex-col gap-2">
      {warnings.map((warning) => (
        <li
          key={`${warning.of} ${warning.workspaceId}`}
          className="flex flex-wrap items-center gap-x-3 gap-y-1.5 rounded-lg border border-warn-line bg-warn-soft px-3 py-2"
        >
          <TriangleAlert aria-hidden className="size-4 shrink-0 text-warn" />
          <p className="min-w-40 flex-1">{warning.message}</p>
          <Step warning={warning} />
        </li>
      ))}
    </ul>
  )
}

function Step({ warning: { of, workspaceId } }: { warning: StorageWarning }) {
  switch (of) {
    case 'workspace':
      return workspaceId === null ? null : (
        <Button size="small" onClick={() => openDialog({ kind: 'limit-workspace', workspaceId })}>
          Change limit
        </Button>
      )
    case 'total':
      return (
        <Button size="small" onClick={() => go(`${routes.settings}/storage`)}>
          Change limit
        </Button>
      )
    case 'pool':
      return (
        <Button size="small" onClick={() => go(`${routes.settings}/storage`)}>
          Grow the pool
        </Button>
      )
    case 'disk':
      return (
        <Button size="small" onClick={() => document.getElementById(CLEANUP_ID)?.focus()}>
          Clean up
        </Button>
      )
    default:
      return of satisfies never
  }
}
