/** How long something took: “0.4 s”, “12 s”, “3 min 05 s”. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  if (seconds < 60) return `${Math.floor(seconds)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`
}

/** An estimate: whole seconds, and no less than one. */
export function formatTimeLeft(milliseconds: number): string {
  return formatDuration(Math.max(1, Math.ceil(milliseconds / 1000)) * 1000).replace('.0 s', ' s')
}

/** How long ago: “just now”, “5 min ago”, “3 h ago”, “2 days ago”, then the date. `timestamp` is ISO 8601. */
export function formatAgo(timestamp: string | null, now: number): string {
  if (timestamp === null) return 'never'
  const minutes = Math.floor((now - Date.parse(timestamp)) / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes} min ago`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ago`
  const days = Math.floor(hours / 24)
  if (days < 31) return days === 1 ? 'yesterday' : `${days} days ago`
  return timestamp.slice(0, 10)
}

/** “1 file”, “2 files”. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
