import type { CliContext } from '../context'

/** Within what the contract takes; some terminals do not know their size and say 0. */
export function terminalSize({ columns, rows }: CliContext['stdout']): { cols: number; rows: number } {
  return { cols: Math.min(Math.max(columns || 80, 2), 1000), rows: Math.min(Math.max(rows || 24, 1), 500) }
}

/** Hands every key to `use` as it is typed. The terminal is as before after it, whatever happens; without a terminal nothing is changed. */
export async function withRawTerminal<Result>(context: CliContext, use: () => Promise<Result>): Promise<Result> {
  const stdin = context.stdin()
  if (stdin.isTTY !== true || stdin.setRawMode === undefined) return use()
  const restore = () => stdin.setRawMode?.(false)
  // Also on the way out of an error that nothing caught.
  process.once('exit', restore)
  stdin.setRawMode(true)
  try {
    return await use()
  } finally {
    restore()
    process.off('exit', restore)
  }
}
