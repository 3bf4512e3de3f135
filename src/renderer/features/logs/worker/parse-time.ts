/** Milliseconds since 1970 of an RFC 3339 time in ASCII; NaN when it is none. The day, which seldom changes, is worked out once. */
export function createTimeParser(): (bytes: Uint8Array, start: number, end: number) => number {
  let dayKey = -1
  let dayStart = 0
  const digits = (bytes: Uint8Array, at: number, count: number) => {
    let value = 0
    for (let index = at; index < at + count; index++) value = value * 10 + ((bytes[index] ?? 0) - 0x30)
    return value
  }
  return (bytes, start, end) => {
    const year = digits(bytes, start, 4)
    const month = digits(bytes, start + 5, 2)
    const day = digits(bytes, start + 8, 2)
    const key = (year * 16 + month) * 32 + day
    if (key !== dayKey) {
      dayKey = key
      dayStart = Date.UTC(year, month - 1, day)
    }
    const seconds = digits(bytes, start + 11, 2) * 3600 + digits(bytes, start + 14, 2) * 60 + digits(bytes, start + 17, 2)
    let at = start + 19
    let fraction = 0
    if (bytes[at] === 0x2e) {
      let scale = 100
      for (at++; at < end && (bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39; at++) {
        fraction += ((bytes[at] ?? 0) - 0x30) * scale
        scale /= 10
      }
    }
    let offset = 0
    const sign = bytes[at]
    if (sign === 0x2b || sign === 0x2d)
      offset = (digits(bytes, at + 1, 2) * 60 + digits(bytes, at + 4, 2)) * (sign === 0x2b ? 60_000 : -60_000)
    return dayStart + seconds * 1000 + fraction - offset
  }
}
