import { type AddressPool, parseAddressPool } from '../../shared/address-pool'
import { overlap, parseSubnet } from '../../shared/subnet'
import type { Engine } from '../engine/engine'
import { localSubnets } from '../engine/subnets'

const numbers = (from: number, to: number, step = 1) => Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step)

/** Docker's own, by network, and three more for machines where little of these is free. */
const CANDIDATES: readonly AddressPool[] = [
  ...numbers(17, 31).map((second) => ({ base: `172.${second}.0.0/16`, size: 16 })),
  ...numbers(0, 240, 16).map((third) => ({ base: `192.168.${third}.0/20`, size: 20 })),
  ...['10.215.0.0/16', '100.114.0.0/16', '198.18.0.0/16'].map((base) => ({ base, size: 24 })),
]
/** The largest private network. Shorter ones are the halves of everything by which a VPN becomes the default route. */
const SHORTEST_PREFIX = 8

/** Where the engine inside a workspace makes networks: as the settings say, or else where neither this machine nor the workspace's engine has one. */
export async function nestedPools(
  { networks, isLocal }: Pick<Engine, 'networks' | 'isLocal'>,
  chosen: readonly string[],
): Promise<AddressPool[]> {
  // What is in the file by hand was not checked.
  const given = chosen.flatMap((text) => parseAddressPool(text) ?? [])
  if (given.length > 0) return given
  const taken = (await networks.list()).flatMap(({ subnets }) => subnets)
  return freePools(isLocal() ? [...taken, ...(await localSubnets())] : taken)
}

/** Those of the candidates that overlap nothing in `taken`, which is written as “10.0.0.0/8”. */
export function freePools(taken: readonly string[]): AddressPool[] {
  const others = taken.flatMap((text) => parseSubnet(text) ?? []).filter(({ bits }) => bits >= SHORTEST_PREFIX)
  return CANDIDATES.filter(({ base }) => {
    const range = parseSubnet(base)
    return range !== null && !others.some((other) => overlap(other, range))
  })
}
