const BLOCK_BYTES = 1024 * 1024

export const OUTPUT_KINDS = ['text', 'ansi', 'wide'] as const
export type OutputKind = (typeof OUTPUT_KINDS)[number]

/** A generator of whole numbers below `limit`, the same on every run. */
function numbers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

const WORDS = 'the quick build of module failed to resolve import cached layer warning deprecated package installed in seconds'.split(' ')
const WIDE = [...'開発環境の構築が完了しました端末は全角文字も正しく表示します한국어글자']
const EMOJI = [...'🚀✅🔥📦🐳🎉']

/** About a megabyte of what programs print, whole lines with CR and LF: a build's log; colours and cursor movement; wide characters. */
export function outputBlock(kind: OutputKind): Buffer {
  const number = numbers(kind.length * 7919)
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[number(items.length)]
    if (item === undefined) throw new Error('There is nothing to pick from.')
    return item
  }
  const lines: string[] = []
  let bytes = 0
  while (bytes < BLOCK_BYTES) {
    const line = `${LINES[kind](number, pick)}\r\n`
    lines.push(line)
    bytes += Buffer.byteLength(line)
  }
  return Buffer.from(lines.join(''))
}

type MakeLine = (number: (limit: number) => number, pick: <Item>(items: readonly Item[]) => Item) => string

const LINES: Record<OutputKind, MakeLine> = {
  text: (number, pick) => {
    const words = Array.from({ length: 3 + number(16) }, () => pick(WORDS)).join(' ')
    return `2026-01-01T00:00:${String(number(60)).padStart(2, '0')}.${String(number(1000)).padStart(3, '0')}Z [${number(64)}] ${words}`
  },
  ansi: (number, pick) => {
    const parts = Array.from({ length: 4 + number(8) }, () => {
      const colour = [
        `3${number(8)}`,
        `1;9${number(8)}`,
        `38;5;${number(256)}`,
        `38;2;${number(256)};${number(256)};${number(256)}`,
        `7;4${number(8)}`,
      ]
      return `\x1b[${pick(colour)}m${pick(WORDS)}\x1b[0m`
    })
    return `\x1b[2K\x1b[${1 + number(20)}C\x1b[1G${parts.join(' ')}${number(4) === 0 ? '\x1b[A\x1b[B' : ''}`
  },
  wide: (number, pick) => Array.from({ length: 8 + number(24) }, () => (number(10) === 0 ? pick(EMOJI) : pick(WIDE))).join(''),
}
