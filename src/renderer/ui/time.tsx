import { formatClock, formatDuration, formatExact, formatRelative } from './format'
import { Tooltip } from './tooltip'
import { useNow } from './use-now'

/** A moment as people say it; the exact one in its tooltip. */
export function Time({ value, as = 'relative' }: { value: string; as?: 'relative' | 'clock' }) {
  const now = useNow()
  return (
    <Tooltip text={formatExact(value)}>
      <time dateTime={value} className="tabular-nums">
        {as === 'relative' ? formatRelative(value, now) : formatClock(value, now)}
      </time>
    </Tooltip>
  )
}

/** How long something took, or has been taking when `end` is null. */
export function Duration({ start, end }: { start: string; end: string | null }) {
  return (
    <span className="tabular-nums">{end === null ? <Running start={start} /> : formatDuration(Date.parse(end) - Date.parse(start))}</span>
  )
}

function Running({ start }: { start: string }) {
  // Whole seconds while it runs: tenths that change only each second would look stuck.
  return formatDuration(Math.floor((useNow('second') - Date.parse(start)) / 1000) * 1000).replace('.0 s', ' s')
}
