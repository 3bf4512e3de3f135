import { formatBytes } from '../../../shared/byte-size'
import { classNames } from '../../ui/class-names'

interface LegendProps<Key extends string> {
  entries: readonly { key: Key; label: string; fill: string; bytes?: number }[]
  /** Called with what the pointer or the focus is on, and with null when it has left. */
  onHighlight?(key: Key | null): void
}

/** Which colour is what. With `onHighlight` each is a stop of the keyboard, and brings its part of the bars to the front. */
export function Legend<Key extends string>({ entries, onHighlight }: LegendProps<Key>) {
  return (
    <ul aria-label="Legend" className="flex flex-wrap gap-x-4 gap-y-0.5 text-ink-muted text-sm">
      {entries.map(({ key, label, fill, bytes }) => {
        const words = (
          <>
            <span aria-hidden className={classNames('size-2.5 shrink-0 rounded-xs', fill)} />
            {label}
            {bytes !== undefined && <span className="tabular-nums">{formatBytes(bytes)}</span>}
          </>
        )
        return (
          <li key={key}>
            {onHighlight === undefined ? (
              <span className="flex items-center gap-1.5">{words}</span>
            ) : (
              <button
                type="button"
                className="flex items-center gap-1.5 rounded-sm hover:text-ink"
                onPointerEnter={() => onHighlight(key)}
                onPointerLeave={() => onHighlight(null)}
                onFocus={() => onHighlight(key)}
                onBlur={() => onHighlight(null)}
              >
                {words}
              </button>
            )}
          </li>
        )
      })}
    </ul>
  )
}
