import { expect, it } from 'vitest'
import type { SwarmNodeView } from '../../../shared/contract/swarms'
import { swarm, swarmNode } from '../../../shared/testing/swarm'
import { nodeChanges } from './notice-nodes'

const withState = (state: SwarmNodeView['state']) => [swarm({ nodes: [swarmNode('manager-1'), swarmNode('worker-1', { state })] })]
const told = (before: SwarmNodeView['state'], after: SwarmNodeView['state']) =>
  nodeChanges(withState(before), withState(after)).map(({ node, kind }) => `${node.hostname} ${kind}`)

it('a node that is lost or comes back is told of once', () => {
  expect(told('ready', 'down')).toEqual(['worker-1 lost'])
  expect(told('ready', 'disconnected')).toEqual(['worker-1 lost'])
  expect(told('down', 'ready')).toEqual(['worker-1 back'])
})

it('one that stays as it is, or is lost in another way, is no news', () => {
  expect(told('ready', 'ready')).toEqual([])
  expect(told('disconnected', 'down')).toEqual([])
})

it('one that is new or goes is no news, nor is a Swarm that is', () => {
  const lost = withState('down')
  expect(nodeChanges([], lost)).toEqual([])
  expect(nodeChanges([swarm({ nodes: [] })], lost)).toEqual([])
  expect(nodeChanges(lost, [])).toEqual([])
})

it('nodes of the same name in two Swarms are two', () => {
  const other = (state: SwarmNodeView['state']) => swarm({ id: 'other', name: 'other', nodes: [swarmNode('worker-1', { state })] })
  const changes = nodeChanges([...withState('ready'), other('ready')], [...withState('ready'), other('down')])
  expect(changes).toMatchObject([{ swarm: { name: 'other' }, kind: 'lost' }])
})
