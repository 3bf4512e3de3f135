import { formatBytes } from '../../../shared/byte-size'
import type { Snapshot } from '../../../shared/snapshot'
import type { Paint } from './paint'
import { formatAgo } from './quantities'
import { formatTable } from './table'

/** The table of `berth snapshot list`, with its heading; sizes only when they were measured. */
export function snapshotTable(snapshots: readonly Snapshot[], withSizes: boolean, now: number, paint: Paint): string[] {
  const heading = ['NAME', 'MADE', ...(withSizes ? ['SIZE', 'FREED IF DELETED'] : []), '']
  const rows = snapshots.map((snapshot) => [
    snapshot.name,
    formatAgo(snapshot.createdAt, now),
    ...(withSizes ? [size(snapshot.bytes), size(snapshot.exclusiveBytes)] : []),
    remarkOn(snapshot),
  ])
  return formatTable([heading, ...rows], (text, row, column) => (row === 0 || column === heading.length - 1 ? paint('dim', text) : text), {
    columns: paint.columns,
    spare: ['FREED IF DELETED', ''],
  })
}

function remarkOn({ automatic, missing }: Snapshot): string {
  const lacks = missing.length === 0 ? [] : [`incomplete: ${missing.join(', ')} removed outside Berth`]
  return [...(automatic ? ['automatic'] : []), ...lacks].join('; ')
}

function size(bytes: number | null): string {
  return bytes === null ? '-' : formatBytes(bytes)
}
