/** What is known of a line, in one byte: its level in the lowest three bits, then flags. */
export const LEVELS = ['none', 'trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type Level = (typeof LEVELS)[number]

const LEVEL_BITS = 0b111
export const STDERR_FLAG = 0b1000
/** Not a line of the log: it says that lines are missing there. */
export const GAP_FLAG = 0b10000

export const levelOf = (flags: number): Level => LEVELS[flags & LEVEL_BITS] ?? 'none'
export const levelNumber = (level: Level): number => LEVELS.indexOf(level)
export const levelNumberOf = (flags: number): number => flags & LEVEL_BITS
