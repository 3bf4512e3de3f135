/** “0.3 s”, “12 s”, “4 min 5 s”, “2 h 10 min”. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** A guess, so in steps that a guess deserves: “5 s”, “35 s”, “3 min”, “2 h 10 min”. */
export function formatTimeLeft(seconds: number): string {
  if (seconds <= 55) return `${Math.max(5, Math.ceil(seconds / 5) * 5)} s`
  const minutes = Math.ceil(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const rounded = Math.ceil(minutes / 10) * 10
  return rounded % 60 === 0 ? `${rounded / 60} h` : `${Math.floor(rounded / 60)} h ${rounded % 60} min`
}

const RELATIVE_UNITS: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'long' })

/** “just now”, “5 minutes ago”, “yesterday”. */
export function formatRelative(timestamp: string, now: number): string {
  const seconds = (now - Date.parse(timestamp)) / 1000
  if (Math.abs(seconds) < 45) return 'just now'
  for (const [unit, size] of RELATIVE_UNITS) {
    if (Math.abs(seconds) >= size) return relative.format(-Math.trunc(seconds / size), unit)
  }
  return relative.format(seconds > 0 ? -1 : 1, 'minute')
}

/** The time of the day when it is today, with the day when it is not: “12:04”, “3 Nov, 12:04”. */
export function formatClock(timestamp: string, now: number, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone }
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', ...zone })
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', ...zone }).format(Date.parse(timestamp))
  const then = day.format(Date.parse(timestamp))
  return then === day.format(now) ? time : `${then.slice(0, -5)}, ${time}`
}

/** To the second, with the day: for tooltips. */
export function formatExact(timestamp: string): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'medium' }).format(Date.parse(timestamp))
}

/** “1 volume”, “2 volumes”. */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
