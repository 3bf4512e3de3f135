import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { addressOf, overlap, parseSubnet } from '../../shared/subnet'

/**
 * Address ranges for Berth's networks. None of these is in Docker's own pools (172.17–31.0.0/16 and 192.168.0.0/16), which the engines
 * inside workspaces use. Two ranges of 10.0.0.0/8 come first; the others are for machines whose VPN uses all of that.
 */
const BLOCKS = ['10.213.0.0/16', '10.214.0.0/16', '100.113.0.0/16', '198.19.0.0/16']

/**
 * The first free range of that size in Berth's blocks that overlaps nothing in `taken` (each as “10.0.0.0/8”; what is not IPv4 is
 * passed over). null when there is none.
 */
export function freeSubnet(bits: number, taken: readonly string[]): string | null {
  const others = taken.flatMap((text) => parseSubnet(text) ?? [])
  for (const text of BLOCKS) {
    const block = parseSubnet(text)
    if (!block) continue
    for (let first = block.first; first < block.first + 2 ** (32 - block.bits); first += 2 ** (32 - bits)) {
      if (!others.some((other) => overlap(other, { first, bits }))) return `${addressOf(first)}/${bits}`
    }
  }
  return null
}

/** What this machine reaches directly or by a route, as subnets; without the default route. */
export async function localSubnets(): Promise<string[]> {
  const interfaces = Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).flatMap(({ cidr }) => cidr ?? []))
  return [...interfaces, ...parseRoutes(await readRoutes())]
}

async function readRoutes(): Promise<string> {
  try {
    return await readFile('/proc/net/route', 'utf8')
  } catch (error) {
    // Only Linux has it, and only there are the engine's networks this machine's own.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

/** Of the kernel's table: destination and mask are in the machine's byte order, which is little-endian wherever Docker runs. */
export function parseRoutes(table: string): string[] {
  return table
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, destination = '', , , , , , mask = ''] = line.split(/\s+/)
      if (!/^[0-9A-F]{8}$/i.test(destination) || !/^[0-9A-F]{8}$/i.test(mask) || Number.parseInt(mask, 16) === 0) return []
      const bits = [...Number.parseInt(mask, 16).toString(2)].filter((bit) => bit === '1').length
      return [`${Buffer.from(destination, 'hex').reverse().join('.')}/${bits}`]
    })
}
