import { formatBytes } from '../../shared/byte-size'
import { classNames } from './class-names'
import { Tooltip } from './tooltip'

export interface BarPart {
  key: string
  /** As it is said: “Home”. */
  label: string
  bytes: number
  /** Its background, as a class. */
  fill: string
}

interface StackedBarProps {
  /** What it is of, for those who do not see it. */
  label: string
  parts: readonly BarPart[]
  /** Bytes that the whole width stands for. */
  scale: number
  /** A limit: a line at its place. Left out where it is beyond the scale. */
  mark?: number | null
  /** The part that is looked at; the others step back. */
  highlighted?: string | null
  className?: string
}

/** How much of what: widths are bytes. The numbers are in its tooltip, by pointer and by keyboard. */
export function StackedBar({ label, parts, scale, mark = null, highlighted = null, className }: StackedBarProps) {
  const shown = parts.filter(({ bytes }) => bytes > 0)
  const words = shown.map((part) => `${part.label} ${formatBytes(part.bytes)}`).join(' · ') || 'nothing'
  const percent = (bytes: number) => `${scale === 0 ? 0 : Math.min(100, (bytes / scale) * 100)}%`
  return (
    <Tooltip text={mark === null ? words : `${words} · limit ${formatBytes(mark)}`}>
      <div
        role="img"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its tooltip has to be reachable with the keyboard
        tabIndex={0}
        aria-label={`${label}: ${words}`}
        className={classNames('relative flex h-3 rounded-sm bg-pressed', className)}
      >
        <div className="flex min-w-0 flex-1 gap-px overflow-hidden rounded-sm">
          {shown.map((part) => (
            <div
              key={part.key}
              className={classNames(
                'min-w-px shrink-0 transition-opacity duration-(--time-fast)',
                part.fill,
                highlighted !== null && highlighted !== part.key && 'opacity-25',
              )}
              style={{ width: percent(part.bytes) }}
            />
          ))}
        </div>
        {mark !== null && mark <= scale && (
          <div className="-inset-y-1 absolute w-0.5 rounded-full bg-ink" style={{ left: percent(mark) }} />
        )}
      </div>
    </Tooltip>
  )
}
