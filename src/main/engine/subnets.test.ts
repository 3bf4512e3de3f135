import { describe, expect, it } from 'vitest'
import { freeSubnet, parseRoutes } from './subnets'

describe('a free subnet', () => {
  it('is the first of Berth’s block', () => expect(freeSubnet(22, ['172.17.0.0/16', 'fd00::/64'])).toBe('10.213.0.0/22'))

  it('overlaps no other network, larger or smaller', () => {
    expect(freeSubnet(22, ['10.213.1.7/32'])).toBe('10.213.4.0/22')
    expect(freeSubnet(26, ['10.213.0.0/22'])).toBe('10.213.4.0/26')
  })

  it('leaves 10.0.0.0/8 to a VPN that has all of it', () => expect(freeSubnet(22, ['10.0.0.0/8'])).toBe('100.113.0.0/22'))

  it('is none when everything is taken', () => expect(freeSubnet(22, ['10.0.0.0/8', '100.64.0.0/10', '198.18.0.0/15'])).toBeNull())
})

it('reads the kernel’s routes, without the default one', () => {
  const table = [
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    'eth0\t00000000\t0108A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
    'tun0\t0000D50A\t00000000\t0001\t0\t0\t0\t00FCFFFF\t0\t0\t0',
    '',
  ].join('\n')
  expect(parseRoutes(table)).toEqual(['10.213.0.0/22'])
})
