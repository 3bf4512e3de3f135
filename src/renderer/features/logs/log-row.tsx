import { type CSSProperties, memo } from 'react'
import { visibleText } from '../../../shared/visible-text'
import { classNames } from '../../ui/class-names'
import { type AnsiColor, type AnsiStyle, ansiSpans } from './ansi-line'
import { lineSegments } from './line-segments'
import type { LogRowData } from './worker/protocol'

interface LogRowProps {
  row: LogRowData
  wrap: boolean
  showTime: boolean
  selected: boolean
}

/** One line of the log. */
export const LogRow = memo(function LogRow({ row, wrap, showTime, selected }: LogRowProps) {
  const segments = lineSegments(ansiSpans(row.raw), row.matches)
  return (
    <div
      data-number={row.number}
      className={classNames('log-row flex gap-3 pr-4 pl-2.5', row.stderr && 'log-stderr', row.gap && 'log-gap', selected && 'log-selected')}
      data-level={row.level}
    >
      {showTime && (
        <span className="shrink-0 select-none text-ink-faint" title={row.time === null ? undefined : new Date(row.time).toISOString()}>
          {row.time === null ? ' '.repeat(12) : clockTime(new Date(row.time))}
        </span>
      )}
      <bdi className={classNames('min-w-0 flex-1', wrap ? 'whitespace-pre-wrap wrap-anywhere' : 'whitespace-pre')}>
        {segments.map(({ text, style, match, start }) =>
          match ? (
            <mark key={start} className={classNames('log-match', match.current && 'log-match-current')} style={cssOf(style)}>
              {visibleText(text)}
            </mark>
          ) : (
            <span key={start} style={cssOf(style)}>
              {visibleText(text)}
            </span>
          ),
        )}
        {segments.length === 0 && '\u200b'}
      </bdi>
    </div>
  )
}, isSame)

/** Rows come anew with each view; most are as they were. */
function isSame(one: LogRowProps, other: LogRowProps): boolean {
  const { row: before } = one
  const { row: after } = other
  return (
    one.wrap === other.wrap &&
    one.showTime === other.showTime &&
    one.selected === other.selected &&
    before.number === after.number &&
    before.raw === after.raw &&
    before.time === after.time &&
    before.matches.length === after.matches.length &&
    before.matches.every((match, index) => {
      const then = after.matches[index]
      return match.start === then?.start && match.end === then.end && match.current === then.current
    })
  )
}

function clockTime(time: Date): string {
  const padded = (value: number, digits: number) => String(value).padStart(digits, '0')
  return `${padded(time.getHours(), 2)}:${padded(time.getMinutes(), 2)}:${padded(time.getSeconds(), 2)}.${padded(time.getMilliseconds(), 3)}`
}

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']

function cssOf(style: AnsiStyle): CSSProperties | undefined {
  const { inverse, bold, dim, italic, underline, strike } = style
  const ink = inverse ? (style.background ?? 'background') : style.foreground
  const paper = inverse ? (style.foreground ?? 'foreground') : style.background
  if (ink === null && paper === null && !bold && !dim && !italic && !underline && !strike) return undefined
  return {
    ...(ink === null ? {} : { color: inkColor(ink, paper !== null) }),
    ...(paper === null ? {} : { backgroundColor: cssColor(paper) }),
    ...(bold ? { fontWeight: 600 } : {}),
    ...(dim ? { opacity: 0.75 } : {}),
    ...(italic ? { fontStyle: 'italic' } : {}),
    ...(underline || strike ? { textDecoration: `${underline ? 'underline' : ''} ${strike ? 'line-through' : ''}` } : {}),
  }
}

/** Programs choose colours for a dark or a light screen; mixed with the ink of ours they can be read on both. */
function inkColor(color: AnsiColor, onPaper: boolean): string {
  if (onPaper) return cssColor(color)
  if (color === 0) return 'var(--terminal-bright-black)'
  return typeof color === 'string' && color.startsWith('#')
    ? `color-mix(in oklab, ${color} 60%, var(--terminal-foreground))`
    : cssColor(color)
}

function cssColor(color: AnsiColor): string {
  if (typeof color === 'string') return color.startsWith('#') ? color : `var(--terminal-${color})`
  return color < 8 ? `var(--terminal-${NAMES[color]})` : `var(--terminal-bright-${NAMES[color - 8]})`
}
