/** How often what came to what. */
export type Counts = Record<string, Record<string, number>>

export function count(counts: Counts, what: string, outcome: string, times = 1): void {
  const row = counts[what] ?? {}
  counts[what] = row
  row[outcome] = (row[outcome] ?? 0) + times
}

export function addCounts(sum: Counts, more: Counts): void {
  for (const [what, row] of Object.entries(more)) for (const [outcome, times] of Object.entries(row)) count(sum, what, outcome, times)
}

/** One row each, with the named outcomes first and all others behind. */
export function tableOf(counts: Counts, outcomes: readonly string[]): string {
  const width = Math.max(...Object.keys(counts).map((name) => name.length), 4) + 2
  const head = ''.padEnd(width) + outcomes.map((outcome) => outcome.padStart(11)).join('')
  const rows = Object.entries(counts)
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([name, row]) => {
      const others = Object.entries(row).filter(([outcome]) => !outcomes.includes(outcome))
      const more = others.toSorted(([, a], [, b]) => b - a).map(([outcome, times]) => `${outcome} ${times}`)
      return `${name.padEnd(width)}${outcomes.map((outcome) => String(row[outcome] ?? 0).padStart(11)).join('')}  ${more.join(', ')}`.trimEnd()
    })
  return [head, ...rows].join('\n')
}
