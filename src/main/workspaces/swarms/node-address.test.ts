import { expect, it } from 'vitest'
import { givenEngineOf, nodeEngineName } from './node-address'

const node = { id: 'k3x9o2m5t7', hostname: 'rack-1', address: '10.0.0.7' }
const none = { rule: null, nodes: {}, tlsFolder: null }

it('finds the engine of a node by its hostname or id, else by the rule', () => {
  const rule = 'ssh://me@{hostname}'
  expect(givenEngineOf(none, node)).toBeNull()
  expect(givenEngineOf({ ...none, rule }, node)).toEqual({ address: 'ssh://me@rack-1' })
  expect(givenEngineOf({ ...none, rule: 'tcp://{address}:2376', tlsFolder: '/tls' }, node)).toEqual({
    address: 'tcp://10.0.0.7:2376',
    tlsFolder: '/tls',
  })
  expect(givenEngineOf({ ...none, rule, nodes: { 'rack-1': 'unix:///one.sock' } }, node)).toEqual({ address: 'unix:///one.sock' })
  expect(givenEngineOf({ ...none, rule, nodes: { k3x9o2m5t7: 'context:rack' } }, node)).toEqual({ context: 'rack' })
})

it('is named after the Swarm and the hostname, or the id if that is invalid or taken', () => {
  expect(nodeEngineName('team', { ...node, hostname: 'rack-1.example.com' }, [])).toBe('team.rack-1')
  expect(nodeEngineName('team', node, ['team.rack-1'])).toBe('team.k3x9o2m5')
  expect(nodeEngineName('team', { ...node, hostname: 'räck' }, [])).toBe('team.k3x9o2m5')
  expect(nodeEngineName('t'.repeat(40), node, ['t'.repeat(40)])).toBe(`${'t'.repeat(31)}.k3x9o2m5`)
})
