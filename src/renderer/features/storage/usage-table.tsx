import { useState } from 'react'
import { Link } from 'wouter'
import { formatBytes } from '../../../shared/byte-size'
import type { StorageUsage, WorkspaceUsage } from '../../../shared/contract/storage'
import { routes } from '../../routes'
import { openDialog } from '../../store/dialogs'
import { useStore } from '../../store/store'
import { Button } from '../../ui/button'
import { Segmented } from '../../ui/segmented'
import { Skeleton } from '../../ui/skeleton'
import { StackedBar } from '../../ui/stacked-bar'
import { Truncated } from '../../ui/truncated'
import { Legend } from './legend'
import {
  barScale,
  isNearlyFull,
  measuredBytes,
  PARTS,
  type PartKey,
  partBytes,
  type StorageOrder,
  sortUsage,
  workspaceParts,
} from './storage-parts'
import { UsageMap } from './usage-map'

const VIEWS = [
  { value: 'bars', label: 'Bars' },
  { value: 'map', label: 'Map' },
] as const
type View = (typeof VIEWS)[number]['value']

const ORDERS = [
  { value: 'size', label: 'Size' },
  { value: 'name', label: 'Name' },
] as const

/** A bar and the numbers of each workspace. `usage` is null while it is measured for the first time. */
export function UsageTable({ usage }: { usage: StorageUsage | null }) {
  const [order, setOrder] = useState<StorageOrder>('size')
  const [view, setView] = useState<View>('bars')
  const [highlighted, setHighlighted] = useState<PartKey | null>(null)
  const workspaces = sortUsage(useStillThere(usage), order)
  const scale = barScale(workspaces)
  return (
    <section aria-labelledby="usage" aria-busy={usage === null} className="@container">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b pb-1.5">
        <h2 id="usage" className="font-semibold">
          Workspaces
        </h2>
        <Legend<PartKey> entries={PARTS} onHighlight={setHighlighted} />
        <span className="ml-auto flex gap-2">
          <Segmented<View> label="View" value={view} options={VIEWS} onChange={setView} />
          {view === 'bars' && <Segmented<StorageOrder> label="Order" value={order} options={ORDERS} onChange={setOrder} />}
        </span>
      </div>
      {usage === null ? (
        <LoadingRows />
      ) : workspaces.length === 0 ? (
        <p className="py-2 text-ink-muted">There are no workspaces.</p>
      ) : view === 'map' ? (
        <UsageMap workspaces={workspaces} highlighted={highlighted} />
      ) : (
        <table className="w-full border-collapse">
          <thead className="@max-2xl:sr-only">
            <tr className="text-right text-ink-muted text-sm [&>th]:pt-1.5 [&>th]:font-normal">
              <th scope="col" className="text-left">
                Workspace
              </th>
              {PARTS.map(({ key, label }) => (
                <th key={key} scope="col" className="@max-2xl:hidden min-w-20 pl-3">
                  {label}
                </th>
              ))}
              <th scope="col" className="min-w-20 pl-3">
                Total
              </th>
              <th scope="col" className="min-w-26 pr-2 pl-3">
                Limit
              </th>
            </tr>
          </thead>
          <tbody>
            {workspaces.map((workspace) => (
              <UsageRow key={workspace.workspaceId} usage={workspace} scale={scale} highlighted={highlighted} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

/** Since it was measured some may have been deleted, and others have got another name. */
function useStillThere(usage: StorageUsage | null): WorkspaceUsage[] {
  const byId = useStore((state) => state.workspaces.byId)
  return (usage?.workspaces ?? []).flatMap((measured) => {
    const workspace = byId[measured.workspaceId]
    return workspace === undefined ? [] : [{ ...measured, name: workspace.name }]
  })
}

function UsageRow({ usage, scale, highlighted }: { usage: WorkspaceUsage; scale: number; highlighted: PartKey | null }) {
  const { name, workspaceId, limitBytes, limitedBytes, limitEnforced } = usage
  const isFull = isNearlyFull(limitedBytes ?? 0, limitBytes)
  return (
    <tr className="border-line border-b align-top [&>td]:pt-1.5 [&>td]:whitespace-nowrap [&>td]:text-right [&>td]:tabular-nums">
      <th scope="row" className="w-full max-w-0 py-1.5 text-left font-normal">
        <Link href={routes.workspace(name)} className="block w-fit max-w-full rounded-sm hover:underline">
          <Truncated text={name} />
        </Link>
        <StackedBar
          label={name}
          parts={workspaceParts(usage)}
          scale={scale}
          mark={limitBytes}
          highlighted={highlighted}
          className="mt-1 mb-0.5 h-2.5"
        />
      </th>
      {PARTS.map(({ key }) => (
        <td key={key} className="@max-2xl:hidden pl-3 text-ink-muted">
          <Bytes bytes={partBytes(usage, key)} />
        </td>
      ))}
      <td className="pl-3 font-medium">
        {usage.totalBytes === null ? `≥ ${formatBytes(measuredBytes(usage))}` : formatBytes(usage.totalBytes)}
      </td>
      <td className="pl-3">
        <Button
          size="small"
          variant="ghost"
          className="-mt-0.5"
          aria-label={limitBytes === null ? `Set limit of ${name}` : `Change limit of ${name}: ${formatBytes(limitBytes)}`}
          onClick={() => openDialog({ kind: 'limit-workspace', workspaceId })}
        >
          {limitBytes === null ? 'Set limit' : <span className={isFull ? 'text-warn' : 'text-ink'}>{formatBytes(limitBytes)}</span>}
        </Button>
        {limitBytes !== null && <p className="pr-2 text-ink-muted text-xs">{limitEnforced ? 'enforced' : 'measured'}</p>}
      </td>
    </tr>
  )
}

function Bytes({ bytes }: { bytes: number | null }) {
  return bytes === null ? <span className="text-ink-faint">unknown</span> : formatBytes(bytes)
}

function LoadingRows() {
  return ['w-24', 'w-32', 'w-20'].map((width) => (
    <div key={width} className="flex h-12 flex-col justify-center gap-1.5 border-line border-b">
      <Skeleton className={`h-3 ${width}`} />
      <Skeleton className="h-2.5 w-full" />
    </div>
  ))
}
