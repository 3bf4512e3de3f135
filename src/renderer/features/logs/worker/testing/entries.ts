/** Entries as the engine writes them, for tests. */
export function entry(text: string, options: { time?: string; stream?: 1 | 2; end?: string } = {}): Uint8Array {
  const { time = '2026-01-01T00:00:00.000000000Z', stream = 1, end = '\n' } = options
  const payload = new TextEncoder().encode(`${time === '' ? '' : `${time} `}${text}${end}`)
  const bytes = new Uint8Array(8 + payload.length)
  bytes[0] = stream
  new DataView(bytes.buffer).setUint32(4, payload.length)
  bytes.set(payload, 8)
  return bytes
}

export function entries(...all: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const one of all) {
    bytes.set(one, at)
    at += one.length
  }
  return bytes
}

export const lines = (from: number, to: number, text = 'line') =>
  entries(...Array.from({ length: to - from + 1 }, (_, index) => entry(`${text} ${from + index}`)))
