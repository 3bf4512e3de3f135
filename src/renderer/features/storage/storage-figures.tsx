import type { ReactNode } from 'react'
import { formatBytes } from '../../../shared/byte-size'
import type { StorageUsage } from '../../../shared/contract/storage'
import { Skeleton } from '../../ui/skeleton'
import { type BarPart, StackedBar } from '../../ui/stacked-bar'
import { Legend } from './legend'
import { diskParts, isNearlyFull } from './storage-parts'

/** How full the disk of the engine is, the pool, and what was set as the limit of all. `usage` is null while it is measured. */
export function StorageFigures({ usage }: { usage: StorageUsage | null }) {
  if (usage === null) {
    return (
      <section aria-label="All together" aria-busy="true" className="flex flex-col gap-4">
        <FigureSkeleton />
        <FigureSkeleton />
      </section>
    )
  }
  const { disk, pool, totalBytes, totalLimitBytes } = usage
  const parts = diskParts(usage)
  return (
    <section aria-label="All together" className="flex flex-col gap-4">
      {disk !== null && (
        <Figure
          title="Disk of the engine"
          parts={parts}
          used={disk.totalBytes - disk.freeBytes}
          whole={disk.totalBytes}
          words={`${formatBytes(disk.freeBytes)} free of ${formatBytes(disk.totalBytes)}`}
        >
          <Legend entries={parts} />
        </Figure>
      )}
      {pool !== null && (
        <Figure
          title="Copy-on-write pool"
          parts={[{ key: 'used', label: 'In use', fill: 'bg-part-home', bytes: pool.usedBytes }]}
          used={pool.usedBytes}
          whole={pool.sizeBytes}
          words={`${formatBytes(pool.freeBytes)} free of ${formatBytes(pool.sizeBytes)}`}
        />
      )}
      {totalLimitBytes === null ? (
        <p className="flex justify-between">
          <span className="font-medium">All workspaces</span>
          <span className="text-ink-muted tabular-nums">{formatBytes(totalBytes)}</span>
        </p>
      ) : (
        <Figure
          title="All workspaces"
          parts={[{ key: 'used', label: 'In use', fill: 'bg-part-home', bytes: totalBytes }]}
          used={totalBytes}
          whole={totalLimitBytes}
          words={`${formatBytes(totalBytes)} of the limit of ${formatBytes(totalLimitBytes)}`}
        />
      )}
    </section>
  )
}

interface FigureProps {
  title: string
  parts: readonly BarPart[]
  used: number
  whole: number
  words: string
  children?: ReactNode
}

function Figure({ title, parts, used, whole, words, children }: FigureProps) {
  return (
    <div className="flex flex-col gap-1">
      <p className="flex justify-between gap-3">
        <span className="font-medium">{title}</span>
        <span className={isNearlyFull(used, whole) ? 'font-medium text-warn tabular-nums' : 'text-ink-muted tabular-nums'}>{words}</span>
      </p>
      <StackedBar label={title} parts={parts} scale={Math.max(whole, used)} />
      {children}
    </div>
  )
}

function FigureSkeleton() {
  return (
    <div className="flex flex-col gap-1">
      <Skeleton className="my-1 h-3 w-40" />
      <Skeleton className="h-3 w-full" />
    </div>
  )
}
