import { expect, it } from 'vitest'
import type { SwarmTask } from '../../engine/swarm'
import { chosenNode } from './placement'

const wanted = { swarm: 'team', workspace: 'demo', next: 'Free room.', isNew: true }
const task = (state: string, change: Partial<SwarmTask> = {}): SwarmTask => ({
  nodeId: null,
  state,
  desiredState: 'running',
  error: null,
  createdAt: 0,
  ...change,
})

/** Says one after the other, the last one for ever. */
const saying = (...answers: SwarmTask[][]) => ({ tasks: async () => (answers.length > 1 ? answers.shift() : answers[0]) ?? [] })

it('waits until Swarm has chosen', async () => {
  const swarm = saying([], [task('new')], [task('pending')], [task('assigned', { nodeId: 'n1' })])
  expect(await chosenNode(swarm, 's1', wanted)).toBe('n1')
})

it('says in Swarm’s words why there is no node', async () => {
  const swarm = saying([task('pending', { error: 'no suitable node (insufficient resources on 3 nodes)' })])
  await expect(chosenNode(swarm, 's1', wanted)).rejects.toMatchObject({
    code: 'SWARM_NO_ROOM',
    data: { reason: 'no suitable node (insufficient resources on 3 nodes)', workspace: 'demo', next: 'Free room.' },
  })
})

it('takes the node that has refused a new one for want of its image, and not the node that an older task had', async () => {
  const refused = task('rejected', { nodeId: 'n1', desiredState: 'shutdown', error: 'No such image' })
  expect(await chosenNode(saying([refused]), 's1', wanted)).toBe('n1')
  const late = saying([refused], [task('assigned', { nodeId: 'n2' }), refused])
  expect(await chosenNode(late, 's1', { ...wanted, isNew: false })).toBe('n2')
})
