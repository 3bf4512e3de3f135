/** 0 to 15 of the terminal's palette, or `#rrggbb`. */
export type AnsiColor = number | string

export interface AnsiStyle {
  foreground: AnsiColor | null
  background: AnsiColor | null
  bold: boolean
  dim: boolean
  italic: boolean
  underline: boolean
  strike: boolean
  inverse: boolean
}

export interface AnsiSpan {
  text: string
  style: AnsiStyle
}

const PLAIN: AnsiStyle = {
  foreground: null,
  background: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
}

// Control sequences (parameters and final byte apart, for colours), then strings such as titles and links, then two-character
// escapes, then other control characters but tab.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const ESCAPES = /\x1b\[([0-9;:?<=>]*)[ -/]*([@-~])|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\|$)|\x1b[ -/]*[0-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const ANY_CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/

/** The line without escape sequences, as a person would have seen it. */
export function plainLine(raw: string): string {
  const line = lastRewrite(raw)
  return ANY_CONTROL.test(line) ? line.replace(ESCAPES, '') : line
}

/** The line in pieces of one style each; their texts together are `plainLine`. Every line starts without a style. */
export function ansiSpans(raw: string): AnsiSpan[] {
  const line = lastRewrite(raw)
  if (!ANY_CONTROL.test(line)) return line === '' ? [] : [{ text: line, style: PLAIN }]
  const spans: AnsiSpan[] = []
  let style = PLAIN
  let from = 0
  const push = (text: string) => {
    const last = spans.at(-1)
    if (last?.style === style) last.text += text
    else if (text !== '') spans.push({ text, style })
  }
  for (const match of line.matchAll(ESCAPES)) {
    push(line.slice(from, match.index))
    from = match.index + match[0].length
    if (match[2] === 'm') style = restyle(style, match[1] ?? '')
  }
  push(line.slice(from))
  return spans
}

/** A progress bar writes its line again and again after a carriage return; the last one is what stays on a screen. */
function lastRewrite(raw: string): string {
  const end = raw.endsWith('\r') ? raw.length - 1 : raw.length
  return raw.slice(raw.lastIndexOf('\r', end - 1) + 1, end)
}

function restyle(style: AnsiStyle, parameters: string): AnsiStyle {
  if (/[?<=>]/.test(parameters)) return style
  const codes = parameters.split(/[;:]/).map((parameter) => (parameter === '' ? 0 : Number(parameter)))
  let next = style
  for (let index = 0; index < codes.length; index++) {
    const code = codes[index] ?? 0
    if (code === 38 || code === 48) {
      const { color, length } = extendedColor(codes, index + 1)
      index += length
      next = code === 38 ? { ...next, foreground: color } : { ...next, background: color }
    } else {
      next = apply(next, code)
    }
  }
  return next
}

function apply(style: AnsiStyle, code: number): AnsiStyle {
  if (code === 0) return PLAIN
  if (code === 1) return { ...style, bold: true }
  if (code === 2) return { ...style, dim: true }
  if (code === 3) return { ...style, italic: true }
  if (code === 4) return { ...style, underline: true }
  if (code === 7) return { ...style, inverse: true }
  if (code === 9) return { ...style, strike: true }
  if (code === 22) return { ...style, bold: false, dim: false }
  if (code === 23) return { ...style, italic: false }
  if (code === 24) return { ...style, underline: false }
  if (code === 27) return { ...style, inverse: false }
  if (code === 29) return { ...style, strike: false }
  if (code === 39) return { ...style, foreground: null }
  if (code === 49) return { ...style, background: null }
  if (code >= 30 && code <= 37) return { ...style, foreground: code - 30 }
  if (code >= 40 && code <= 47) return { ...style, background: code - 40 }
  if (code >= 90 && code <= 97) return { ...style, foreground: code - 82 }
  if (code >= 100 && code <= 107) return { ...style, background: code - 92 }
  return style
}

/** What follows a 38 or 48: `5;N` of 256 colours or `2;R;G;B`; `length` is how many codes it took. */
function extendedColor(codes: number[], at: number): { color: AnsiColor | null; length: number } {
  const byte = (offset: number) => Math.min(codes[at + offset] ?? 0, 255)
  if (codes[at] === 5) return { color: indexedColor(byte(1)), length: 2 }
  if (codes[at] === 2) return { color: hex(byte(1), byte(2), byte(3)), length: 4 }
  return { color: null, length: 1 }
}

function indexedColor(index: number): AnsiColor {
  if (index < 16) return index
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10
    return hex(grey, grey, grey)
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40)
  const cube = index - 16
  return hex(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6))
}

function hex(...channels: number[]): string {
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}
