/** An ISO 8601 time for a sentence: “2026-01-31 14:05 UTC”. */
export function minuteText(iso: string): string {
  const [date = '', time = ''] = new Date(iso).toISOString().split('T')
  return `${date} ${time.slice(0, 5)} UTC`
}
