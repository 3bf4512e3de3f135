export interface TerminalSize {
  cols: number
  rows: number
}

/**
 * Passes sizes on one at a time, in their order; of those that come while one is on its way only the last counts.
 * Dragging a window's edge asks for dozens.
 */
export function createSizeQueue(
  apply: (size: TerminalSize) => Promise<void>,
  onError: (error: unknown) => void,
): (size: TerminalSize) => void {
  let wanted: TerminalSize | null = null
  let busy = false
  const work = async () => {
    busy = true
    while (wanted) {
      const size: TerminalSize = wanted
      wanted = null
      try {
        await apply(size)
      } catch (error) {
        onError(error)
      }
    }
    busy = false
  }
  return (size) => {
    wanted = size
    if (!busy) void work()
  }
}
