import { expect, it } from 'vitest'
import { parseAddressPool } from './address-pool'

it('a pool is written as dockerd takes it', () => {
  expect(parseAddressPool('base=10.10.0.0/16,size=24')).toEqual({ base: '10.10.0.0/16', size: 24 })
  expect(parseAddressPool('base=172.30.0.0/16,size=16')).toEqual({ base: '172.30.0.0/16', size: 16 })
})

it.each([
  ...['10.10.0.0/16', 'base=10.10.0.0/16', 'base=10.10.0.0,size=24', 'base=10.10.0.1/16,size=24', 'base=10.300.0.0/16,size=24'],
  ...[
    'base=10.10.0.0/24,size=16',
    'base=10.10.0.0/16,size=30',
    'base=0.0.0.0/0,size=24',
    'base=fd00::/8,size=64',
    'base=10.10.0.0/16,size=24\n',
  ],
])('%j is no pool', (text) => expect(parseAddressPool(text)).toBeNull())
