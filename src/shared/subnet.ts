/** A range of IPv4 addresses: its first address as a number, and how many leading bits are fixed. */
export interface Subnet {
  first: number
  bits: number
}

/** Of a text like “10.0.0.0/8”; null for anything else, IPv6 too. */
export function parseSubnet(text: string): Subnet | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text)
  if (!match) return null
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = match.slice(1).map(Number)
  if (bits > 32 || Math.max(a, b, c, d) > 255) return null
  const size = 2 ** (32 - bits)
  return { first: Math.floor((a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) / size) * size, bits }
}

export function overlap(one: Subnet, other: Subnet): boolean {
  return one.first < other.first + 2 ** (32 - other.bits) && other.first < one.first + 2 ** (32 - one.bits)
}

/** Its first address. */
export function addressOf(first: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')
}
