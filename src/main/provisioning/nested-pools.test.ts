import { expect, it } from 'vitest'
import { freePools, nestedPools } from './nested-pools'

const bases = (taken: string[]) => freePools(taken).map(({ base }) => base)

it('Docker’s own pools are left as they are where nothing is in their way', () => {
  const free = freePools([])
  expect(free).toHaveLength(34)
  expect(free[0]).toEqual({ base: '172.17.0.0/16', size: 16 })
  expect(free[15]).toEqual({ base: '192.168.0.0/20', size: 20 })
})

it('networks of the machine and of the outer engine are avoided', () => {
  const free = bases(['172.17.0.0/16', '172.19.4.0/24', '192.168.1.77/24', 'fd00::/8', '10.0.0.0/8'])
  expect(free.slice(0, 2)).toEqual(['172.18.0.0/16', '172.20.0.0/16'])
  expect(free).not.toContain('192.168.0.0/20')
  expect(free).toContain('192.168.16.0/20')
  expect(free).not.toContain('10.215.0.0/16')
  expect(bases(['172.16.0.0/12', '192.168.0.0/16'])).toEqual(['10.215.0.0/16', '100.114.0.0/16', '198.18.0.0/16'])
})

it('a VPN that takes everything by two routes leaves them all', () => {
  expect(freePools(['0.0.0.0/1', '128.0.0.0/1'])).toHaveLength(34)
})

it('those of the setting are taken as they are', async () => {
  const engine = { networks: { list: async () => [{ subnets: ['172.17.0.0/16'] }] }, isLocal: () => false }
  expect(await nestedPools(engine as never, ['base=10.10.0.0/16,size=24'])).toEqual([{ base: '10.10.0.0/16', size: 24 }])
  expect((await nestedPools(engine as never, ['nonsense']))[0]).toEqual({ base: '172.18.0.0/16', size: 16 })
})
