import type { OutputStream } from '../context'
import { terminalText } from './format/plain-text'

export interface LiveLines {
  /** Takes the place of what was drawn before; more lines than the terminal has are left out. */
  draw(lines: readonly string[]): void
}

/** Lines on a terminal that are drawn again in the same place. They must not be wider than it. */
export function createLiveLines(stream: OutputStream): LiveLines {
  let drawn: string | null = null
  return {
    draw(lines) {
      const room = Math.max(1, (stream.rows || 24) - 1)
      const shown = lines.length <= room ? lines : [...lines.slice(0, room - 1), `… and ${lines.length - room + 1} more lines`]
      const text = terminalText(shown.map((line) => `${line}\n`).join(''))
      if (text === drawn) return
      const before = drawn === null ? 0 : drawn.split('\n').length - 1
      stream.write(`${before > 0 ? `\u001b[${before}A\u001b[J` : ''}${text}`)
      drawn = text
    },
  }
}
