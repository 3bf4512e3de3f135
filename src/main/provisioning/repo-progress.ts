import type { Progress } from '../../shared/operation'

const KEPT_LOG_LINES = 20

/** git's main phases with their share of the whole, as it names them in its progress lines: “Receiving objects:  42% (…)”. */
const PHASES: [prefix: string, from: number, to: number][] = [
  ['Receiving objects:', 0, 80],
  ['Resolving deltas:', 80, 90],
  ['Updating files:', 90, 100],
]

/** Reads what git says as it works, piece by piece, and keeps the last lines. */
export function createProgressMeter(onProgress: (progress: Progress | null, detail: string) => void) {
  const lines: string[] = []
  let unfinished = ''
  return {
    take(text: string): void {
      const parts = (unfinished + text).replaceAll('\r', '\n').split('\n')
      unfinished = parts.pop() ?? ''
      for (const line of parts) {
        if (line.trim() === '') continue
        onProgress(progressOf(line), line)
        // A progress line replaces the one before, as it does on a terminal.
        if (progressOf(line) !== null && progressOf(lines.at(-1) ?? '') !== null) lines.pop()
        lines.push(line)
        if (lines.length > KEPT_LOG_LINES) lines.shift()
      }
    },
    lastLines: () => (unfinished.trim() === '' ? lines : [...lines, unfinished]),
  }
}

/** null for a line that tells no progress. */
function progressOf(line: string): Progress | null {
  const phase = PHASES.find(([prefix]) => line.startsWith(prefix))
  if (!phase) return null
  const [prefix, from, to] = phase
  const percent = Number.parseInt(line.slice(prefix.length).trimStart(), 10)
  if (Number.isNaN(percent)) return null
  return { done: Math.round(from + ((to - from) * percent) / 100), total: 100, unit: 'percent' }
}
