import { Progress } from 'radix-ui'

interface ProgressBarProps {
  /** 0 to 1; null while the end is not known. */
  fraction: number | null
  /** What is under way. */
  label: string
}

export function ProgressBar({ fraction, label }: ProgressBarProps) {
  const percent = fraction === null ? null : Math.round(Math.min(1, Math.max(0, fraction)) * 100)
  return (
    <Progress.Root value={percent} aria-label={label} className="h-1 overflow-hidden rounded-full bg-pressed">
      {percent === null ? (
        <Progress.Indicator className="progress-unknown h-full w-1/3 rounded-full bg-accent" />
      ) : (
        <Progress.Indicator
          className="h-full origin-left rounded-full bg-accent transition-transform duration-(--time-slow) ease-out"
          style={{ transform: `scaleX(${percent / 100})` }}
        />
      )}
    </Progress.Root>
  )
}
