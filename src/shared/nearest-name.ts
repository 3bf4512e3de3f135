/**
 * The name that was probably meant: the nearest by single letters that are changed, left out, added or swapped with their neighbour; null
 * when none is near. Names are compared without regard to case.
 */
export function nearestName(given: string, known: readonly string[]): string | null {
  // Longer ones are not typing mistakes, and comparing them costs the square of their length.
  if (given.length > 64) return null
  let nearest: string | null = null
  let least = Math.max(1, Math.floor(given.length / 3)) + 1
  for (const name of known) {
    const distance = editDistance(given.toLowerCase(), name.toLowerCase())
    if (distance >= least) continue
    least = distance
    nearest = name
  }
  return nearest
}

/** Optimal string alignment (Damerau and Levenshtein), with the last three rows of its table. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row++) {
    const current = [row]
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1]
      const at = (line: number[], index: number) => line[index] ?? Number.POSITIVE_INFINITY
      const changed = Math.min(at(current, column - 1) + 1, at(last, column) + 1, at(last, column - 1) + (same ? 0 : 1))
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
      current.push(swapped ? Math.min(changed, at(beforeLast, column - 2) + 1) : changed)
    }
    beforeLast = last
    last = current
  }
  return last[to.length] ?? 0
}
