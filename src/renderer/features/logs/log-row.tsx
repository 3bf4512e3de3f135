import { type CSSProperties, memo } from 'react'
import { classNames } from '../../ui/class-names'
import { type AnsiColor, type AnsiStyle, ansiSpans } from './ansi-line'
import { lineSegments } from './line-segments'
import type { LogLine } from './log-buffer'
import type { LogMatch } from './log-search'

interface LogRowProps {
  line: LogLine
  matches: readonly LogMatch[]
  currentMatch: LogMatch | null
  wrap: boolean
  showTime: boolean
}

/** One line of the log. */
export const LogRow = memo(function LogRow({ line, matches, currentMatch, wrap, showTime }: LogRowProps) {
  return (
    <div className={classNames('flex gap-3 pr-4 pl-2.5', line.stream === 'stderr' && 'log-stderr')}>
      {showTime && (
        <span className="shrink-0 select-none text-ink-faint" title={line.time ?? undefined}>
          {line.time === null ? ' '.repeat(12) : clockTime(line.time)}
        </span>
      )}
      <span className={classNames('min-w-0 flex-1', wrap ? 'whitespace-pre-wrap wrap-anywhere' : 'whitespace-pre')}>
        {lineSegments(ansiSpans(line.raw), matches).map(({ text, style, match, start }) =>
          match ? (
            <mark key={start} className={classNames('log-match', match === currentMatch && 'log-match-current')} style={cssOf(style)}>
              {text}
            </mark>
          ) : (
            <span key={start} style={cssOf(style)}>
              {text}
            </span>
          ),
        )}
        {line.text === '' && '\u200b'}
      </span>
    </div>
  )
})

function clockTime(iso: string): string {
  const time = new Date(iso)
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
