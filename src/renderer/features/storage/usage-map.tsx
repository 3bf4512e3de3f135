import { Link } from 'wouter'
import { formatBytes } from '../../../shared/byte-size'
import type { WorkspaceUsage } from '../../../shared/contract/storage'
import { routes } from '../../routes'
import { classNames } from '../../ui/class-names'
import { Tooltip } from '../../ui/tooltip'
import { measuredBytes, type PartKey, workspaceParts } from './storage-parts'
import { type Area, treemap } from './treemap'

/** Its width is that of the screen: only the shape is fixed. */
const WHOLE: Area = { x: 0, y: 0, width: 400, height: 100 }

/** Smaller ones have no room for words: those are in the tooltip. */
const NAMED = { width: 36, height: 14 }

/** All of it as one area: who takes how much, and of what. */
export function UsageMap({ workspaces, highlighted }: { workspaces: readonly WorkspaceUsage[]; highlighted: PartKey | null }) {
  return (
    <ul aria-label="Map of disk use" className="relative mt-2 aspect-[4/1] w-full overflow-hidden rounded-md">
      {treemap(workspaces, measuredBytes, WHOLE).map(({ item, area }) => (
        <li key={item.workspaceId} className="absolute p-0.5" style={place(area, WHOLE)}>
          <WorkspaceTile usage={item} area={area} highlighted={highlighted} />
        </li>
      ))}
    </ul>
  )
}

function WorkspaceTile({ usage, area, highlighted }: { usage: WorkspaceUsage; area: Area; highlighted: PartKey | null }) {
  const total = formatBytes(measuredBytes(usage))
  const shown = workspaceParts(usage).filter(({ bytes }) => bytes > 0)
  const words = `${usage.name}, ${total}: ${shown.map(({ label, bytes }) => `${label} ${formatBytes(bytes)}`).join(' · ')}`
  return (
    <Tooltip text={words}>
      <Link
        href={routes.workspace(usage.name)}
        aria-label={words}
        className="relative block size-full overflow-hidden rounded-sm hover:opacity-85 focus-visible:outline-ink focus-visible:outline-offset-0"
      >
        {treemap(shown, ({ bytes }) => bytes, area).map(({ item, area: part }) => (
          <span
            key={item.key}
            className={classNames(
              'absolute border border-canvas/40 opacity-80 transition-opacity duration-(--time-fast)',
              item.fill,
              highlighted !== null && highlighted !== item.key && 'opacity-20',
            )}
            style={place(part, area)}
          />
        ))}
        {area.width >= NAMED.width && area.height >= NAMED.height && (
          <span className="absolute top-1 left-1 max-w-[calc(100%-8px)] truncate rounded-sm bg-raised px-1.5 text-ink text-sm">
            {usage.name} <span className="text-ink-muted tabular-nums">{total}</span>
          </span>
        )}
      </Link>
    </Tooltip>
  )
}

function place(area: Area, within: Area) {
  const share = (part: number, whole: number) => `${(part / whole) * 100}%`
  return {
    left: share(area.x - within.x, within.width),
    top: share(area.y - within.y, within.height),
    width: share(area.width, within.width),
    height: share(area.height, within.height),
  }
}
