import type { OperationStep } from '../../../shared/operation'

/** Before that, the pace says more of how it began than of how it goes. */
const SETTLED_MILLISECONDS = 2000

interface Pace {
  bytesPerSecond: number
  /** null when the end is not known, or is reached. */
  millisecondsLeft: number | null
}

/** How fast the bytes of a step go, over all its time until `now` (ms since the epoch); null while that cannot be told. */
export function paceOf({ startedAt, progress }: Pick<OperationStep, 'startedAt' | 'progress'>, now: number): Pace | null {
  if (startedAt === null || progress === null || progress.unit !== 'bytes' || progress.done === 0) return null
  const milliseconds = now - Date.parse(startedAt)
  if (milliseconds < SETTLED_MILLISECONDS) return null
  const bytesPerSecond = (progress.done / milliseconds) * 1000
  const left = progress.total === null ? 0 : progress.total - progress.done
  return { bytesPerSecond, millisecondsLeft: left > 0 ? (left / bytesPerSecond) * 1000 : null }
}
