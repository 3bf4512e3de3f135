import { expect, it } from 'vitest'
import { swarm, swarmNode } from '../../../shared/testing/swarm'
import { nodeDot, nodeFacts, presentLoss, presentUnmoved, swarmDot } from './swarm-words'

const problem = { code: 'SWARM_NO_ROOM' as const, message: 'No node has 8 GiB.', next: 'Add one.', data: { swarm: 'team' } }

it('a node has the shape of what it is good for', () => {
  expect(nodeDot(swarmNode('a'))).toBe('running')
  expect(nodeDot(swarmNode('a', { state: 'unknown' }))).toBe('error')
  expect(nodeDot(swarmNode('a', { availability: 'drain' }))).toBe('stopped')
  expect(nodeDot(swarmNode('a', { engine: null }))).toBe('stopped')
})

it('a Swarm has that of the worst of it', () => {
  expect(swarmDot(swarm())).toBe('running')
  expect(swarmDot(swarm({ manager: null }))).toBe('error')
  expect(swarmDot(swarm({ nodes: [swarmNode('a', { state: 'down' })] }))).toBe('error')
  expect(swarmDot(swarm({ unmoved: [{ workspace: 'api', problem }] }))).toBe('error')
})

it('what is not known of a node is left out', () => {
  expect(nodeFacts(swarmNode('a', { labels: { disk: 'ssd', fast: '' } }))).toBe('4 processors, 8 GiB, disk=ssd, fast')
  expect(nodeFacts(swarmNode('a', { cpus: 1, memoryBytes: null }))).toBe('1 processor')
  expect(nodeFacts(swarmNode('a', { cpus: null, memoryBytes: null }))).toBe('')
})

it('a node that is lost names its workspaces', () => {
  expect(presentLoss(swarmNode('a', { state: 'down', workspaces: ['x', 'y', 'z'] }))).toMatchObject({
    title: 'The node a is down',
    message: '3 workspaces cannot be reached until it is back: x, y and z.',
  })
  expect(presentLoss(swarmNode('a', { state: 'down', workspaces: ['x'] })).message).toBe(
    'A workspace cannot be reached until it is back: x.',
  )
  expect(presentLoss(swarmNode('a', { state: 'disconnected' })).message).toBe('No workspaces are on it.')
})

it('a workspace that could not leave its node says why, and can be moved', () => {
  const drained = swarm({ nodes: [swarmNode('a', { availability: 'drain', workspaces: ['api'] })] })
  const presentation = presentUnmoved(drained, 'api', problem)
  expect(presentation).toMatchObject({ title: 'api could not leave the drained node a', message: 'No node has 8 GiB.', next: 'Add one.' })
  expect(presentation.actions[0]).toEqual({ kind: 'move-workspace', label: 'Move…', workspace: 'api' })
  expect(presentUnmoved(swarm(), 'api', problem).title).toBe('api could not leave its drained node')
})
