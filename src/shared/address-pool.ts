import { z } from 'zod'
import { addressOf, parseSubnet } from './subnet'

/** A range that an engine takes networks of one size from. */
export interface AddressPool {
  /** As “10.10.0.0/16”. */
  base: string
  /** Leading bits of each network. */
  size: number
}

/** Of a text as dockerd takes it: “base=10.10.0.0/16,size=24”; null for anything else. */
export function parseAddressPool(text: string): AddressPool | null {
  const { base = '', size = '' } = /^base=(?<base>[0-9./]+),size=(?<size>\d{1,2})$/.exec(text)?.groups ?? {}
  const range = parseSubnet(base)
  // A network of fewer than six addresses has no room for containers.
  if (range === null || Number(size) < range.bits || Number(size) > 29 || range.bits < 8) return null
  return addressOf(range.first) === base.slice(0, base.indexOf('/')) ? { base, size: Number(size) } : null
}

export const addressPoolSchema = z
  .string()
  .max(64)
  .refine(
    (text) => parseAddressPool(text) !== null,
    'Enter a range with its first address and the size of each network, such as base=10.10.0.0/16,size=24.',
  )
