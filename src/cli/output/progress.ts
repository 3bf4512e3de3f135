import { formatBytes } from '../../shared/byte-size'
import type { Operation, OperationStep } from '../../shared/operation'
import { OPERATIONS } from '../../shared/operation-kinds'
import { hasEnded } from '../../shared/operation-state'
import type { CliContext } from '../context'
import { paceOf } from './format/pace'
import { type Paint, paintFor } from './format/paint'
import { oneLine } from './format/plain-text'
import { formatDuration, formatTimeLeft } from './format/quantities'
import { cutToWidth } from './format/text-width'
import { writeText } from './output'

/*
 * Ours rather than ora or listr2: those want to run the tasks themselves, and what is shown here runs elsewhere and is pushed to us. What
 * is left of them, one line that is drawn again, is less than their glue would be.
 */

export interface ProgressView {
  update(operation: Operation): void
  /** A sentence above the progress. */
  say(text: string): void
  end(): void
}

const FRAMES = ['◐', '◓', '◑', '◒']
const FRAME_MILLISECONDS = 120
const CLEAR_LINE = '\r\u001b[2K'
const UP_AND_CLEAR_LINE = '\u001b[1A\r\u001b[2K'
/** More operations at once share the last line. */
const MOST_LINES = 8

/** A moving line for each operation on a terminal, a line per step with --verbose elsewhere, nothing with --json or --quiet. */
export function createProgress(context: CliContext, now: () => number = Date.now): ProgressView {
  if (context.options.json || context.options.quiet) return silent(context)
  if (context.options.verbose) return stepLines(context)
  if (context.stderr.isTTY === true && context.env.TERM !== 'dumb') return liveLine(context, now)
  return silent(context)
}

function silent(context: CliContext): ProgressView {
  return {
    update: () => {},
    say: (text) => {
      if (!context.options.json) writeText(context.stderr, `${text}\n`)
    },
    end: () => {},
  }
}

function stepLines(context: CliContext): ProgressView {
  const told = new Map<string, OperationStep['status']>()
  const write = (text: string) => writeText(context.stderr, `${text}\n`)
  return {
    update: (operation) => {
      for (const [index, step] of operation.steps.entries()) {
        const key = `${operation.id} ${index}`
        if (step.status === 'pending' || told.get(key) === step.status) continue
        told.set(key, step.status)
        write(`${subject(operation)}: ${oneLine(step.title)}: ${step.status}${stepDuration(step)}`)
      }
      if (hasEnded(operation)) write(`${subject(operation)}: ${outcome(operation)} (${formatDuration(took(operation))})`)
    },
    say: write,
    end: () => {},
  }
}

function stepDuration({ startedAt, endedAt }: OperationStep): string {
  return startedAt === null || endedAt === null ? '' : ` (${formatDuration(Date.parse(endedAt) - Date.parse(startedAt))})`
}

function liveLine(context: CliContext, now: () => number): ProgressView {
  const { stderr } = context
  const paint = paintFor(stderr, context.env)
  const running = new Map<string, { operation: Operation; since: number }>()
  let frame = 0
  let drawn = 0
  const clearing = () => (drawn === 0 ? '' : CLEAR_LINE + UP_AND_CLEAR_LINE.repeat(drawn - 1))
  const clear = () => {
    stderr.write(clearing())
    drawn = 0
  }
  const draw = () => {
    if (running.size === 0) return clear()
    // One cell is left free: a terminal wraps once the last is written. The symbol and its space take three at most.
    const room = Math.max(10, (stderr.columns || 80) - 4)
    const most = Math.max(1, Math.min(MOST_LINES, (stderr.rows || 24) - 2))
    const shown = [...running.values()].slice(0, most)
    const more = running.size - shown.length
    const lines = shown.map(({ operation, since }, index) => {
      const text = cutToWidth(progressText(operation, now(), since), room)
      const symbol = paint('yellow', FRAMES[frame % FRAMES.length] ?? '◐')
      return `${symbol} ${more > 0 && index === most - 1 ? cutToWidth(`and ${more + 1} more`, room) : text}`
    })
    stderr.write((clearing() || CLEAR_LINE) + lines.join('\n'))
    drawn = lines.length
  }
  const print = (text: string) => {
    clear()
    writeText(stderr, `${text}\n`)
    draw()
  }
  const timer = setInterval(() => {
    frame++
    draw()
  }, FRAME_MILLISECONDS)
  timer.unref()
  return {
    update: (operation) => {
      if (!hasEnded(operation)) {
        running.set(operation.id, { operation, since: running.get(operation.id)?.since ?? now() })
        draw()
        return
      }
      running.delete(operation.id)
      print(endLine(operation, paint))
    },
    say: print,
    end: () => {
      clearInterval(timer)
      clear()
    },
  }
}

function endLine(operation: Operation, paint: Paint): string {
  const mark = operation.status === 'succeeded' ? paint('green', '✔') : paint('red', '✕')
  return `${mark} ${subject(operation)} ${outcome(operation)} ${paint('dim', formatDuration(took(operation)))}`
}

function took(operation: Operation): number {
  return Date.parse(operation.endedAt ?? operation.startedAt) - Date.parse(operation.startedAt)
}

function subject({ kind, workspaceName }: Operation): string {
  const { subject: other, isOfSnapshot } = OPERATIONS[kind]
  const name = workspaceName ?? other?.commandLine ?? kind
  return isOfSnapshot ? `Snapshot of ${name}` : name
}

/**
 * What an operation under way is doing: “demo: Copy volumes · 29 % · 1.2 GiB of 4.1 GiB · 120 MiB/s · 24 s left”, or, where the time
 * left cannot be told, how long it has taken since `since`. Both times are milliseconds since the epoch.
 */
export function progressText(operation: Operation, now: number, since: number): string {
  const undoing = operation.status === 'rolling-back'
  const step = undoing ? undefined : operation.steps.find(({ status }) => status === 'running')
  const pace = step === undefined ? null : paceOf(step, now)
  const parts = [`${subject(operation)}: ${undoing ? 'Undoing what was done' : oneLine(step?.title ?? 'Waiting')}`]
  if (step?.progress) parts.push(...progressParts(step.progress))
  if (pace !== null) parts.push(`${formatBytes(pace.bytesPerSecond)}/s`)
  if (operation.waiting) parts.push(`Waiting: ${oneLine(operation.waiting.problem.message)}`)
  if (step?.detail) parts.push(oneLine(step.detail))
  parts.push(
    pace === null || pace.millisecondsLeft === null ? formatDuration(now - since) : `${formatTimeLeft(pace.millisecondsLeft)} left`,
  )
  return parts.join(' · ')
}

function progressParts({ done, total, unit }: NonNullable<OperationStep['progress']>): string[] {
  const share = total === null || total === 0 ? [] : [`${Math.min(100, Math.floor((done / total) * 100))} %`]
  switch (unit) {
    case 'bytes':
      return total === null ? [formatBytes(done)] : [...share, `${formatBytes(done)} of ${formatBytes(total)}`]
    case 'percent':
      return [`${Math.floor(done)} %`]
    case 'steps':
      return total === null ? [] : [`${done} of ${total}`]
    default:
      return unit satisfies never
  }
}

function outcome({ kind, status }: Operation): string {
  const done = OPERATIONS[kind].outcome
  switch (status) {
    case 'succeeded':
      return done
    case 'cancelled':
      return 'cancelled'
    case 'failed':
    case 'running':
    case 'rolling-back':
      return `not ${done}`
    default:
      return status satisfies never
  }
}
