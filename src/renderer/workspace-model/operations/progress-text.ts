import { formatBytes, formatBytesOf } from '../../../shared/byte-size'
import { currentStep } from '../../../shared/describe-operation'
import type { Operation, OperationStep, Progress } from '../../../shared/operation'
import { formatTimeLeft } from '../../ui/format'

/** Before that, the pace says more of how it began than of how it goes. */
const SETTLED_SECONDS = 2

type Counted = Pick<OperationStep, 'startedAt' | 'progress'>

interface Pace {
  bytesPerSecond: number
  /** null while the end is not known. */
  secondsLeft: number | null
}

/** How fast the bytes of a step go, over all its time until `now` (ms since the epoch); null while that cannot be told. */
export function paceOf({ startedAt, progress }: Counted, now: number): Pace | null {
  if (startedAt === null || progress === null || progress.unit !== 'bytes' || progress.done === 0) return null
  const seconds = (now - Date.parse(startedAt)) / 1000
  if (seconds < SETTLED_SECONDS) return null
  const bytesPerSecond = progress.done / seconds
  const left = progress.total === null ? null : progress.total - progress.done
  return { bytesPerSecond, secondsLeft: left === null || left <= 0 ? null : left / bytesPerSecond }
}

/** “1.2 GiB of 4.1 GiB · 40 MiB/s · 1 min left”, “62 %”, “step 3 of 12”; null when there is nothing to say. */
export function progressText(step: Counted, now: number): string | null {
  const { progress } = step
  if (progress === null) return null
  const pace = paceOf(step, now)
  const parts = [
    amountText(progress),
    pace && `${formatBytes(pace.bytesPerSecond)}/s`,
    pace?.secondsLeft != null && `${formatTimeLeft(pace.secondsLeft)} left`,
  ]
  return parts.filter(Boolean).join(' · ') || null
}

/**
 * In few words for a narrow place, of the step that counts bytes: “1.2/4.1 GiB · 35 s”, or with its `share` alone “29 % · 35 s”.
 * Otherwise “62 %”, of the step or of the whole.
 */
export function shortProgress(operation: Operation, now: number, amount: 'bytes' | 'share' = 'bytes'): string | null {
  const step = currentStep(operation)
  const progress = step?.progress
  if (step && progress?.unit === 'bytes') {
    if (progress.total === null || progress.total === 0) return formatBytes(progress.done)
    const left = paceOf(step, now)?.secondsLeft
    const done = amount === 'share' ? percent(progress.done / progress.total) : formatBytesOf(progress.done, progress.total)
    return left == null ? done : `${done} · ${formatTimeLeft(left)}`
  }
  const fraction = progress ? progressFraction(progress) : operationFraction(operation)
  return fraction === null ? null : percent(fraction)
}

/** The last percent is not said before it is done. */
function percent(fraction: number): string {
  return `${Math.floor(Math.min(1, fraction) * 100)} %`
}

/** 0 to 1; null while the end is not known. */
export function progressFraction({ done, total, unit }: Progress): number | null {
  const end = unit === 'percent' ? (total ?? 100) : total
  return end === null || end === 0 ? null : Math.min(1, done / end)
}

/**
 * How far the whole operation is, 0 to 1: each step is an equal share, and the running one counts as far as it is. Null while
 * it has said nothing of its steps.
 */
export function operationFraction({ steps }: Operation): number | null {
  if (steps.length === 0) return null
  const shares = steps.map(({ status, progress }) => {
    if (status === 'pending' || status === 'failed') return 0
    if (status === 'running') return progress === null ? 0 : (progressFraction(progress) ?? 0)
    return 1
  })
  return shares.reduce<number>((sum, share) => sum + share, 0) / steps.length
}

function amountText({ done, total, unit }: Progress): string | null {
  switch (unit) {
    case 'percent':
      return `${Math.round((progressFraction({ done, total, unit }) ?? 0) * 100)} %`
    case 'bytes':
      return total === null ? formatBytes(done) : `${formatBytes(done)} of ${formatBytes(total)}`
    case 'steps':
      return total === null ? null : `step ${done} of ${total}`
    default:
      return unit satisfies never
  }
}
