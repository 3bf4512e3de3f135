import { expect, it } from 'vitest'
import type { ReservationSpec, SwarmService } from '../../engine/swarm'
import { isAs, nodeOf, pinned, unplaced, workspaceOf } from './reservation'
import { swarmLacks } from './swarm-lacks'

const workspace = { id: 'w1', name: 'demo', limits: { memoryBytes: 1024, cpus: 0.5, processes: null } }
const made = (spec: ReservationSpec): SwarmService => ({ ...spec, id: 's1' })

it('a reservation holds what the workspace may use, on any node that is like that', () => {
  const spec = unplaced(workspace, 'me', ['node.role==worker'])
  expect(spec).toMatchObject({ constraints: ['node.role==worker'], memoryBytes: 1024, cpus: 0.5, isHeld: true })
  expect(spec.name).toMatch(/^workspace-demo-[0-9a-f]{6}$/)
  expect([workspaceOf(spec), nodeOf(spec)]).toEqual(['w1', null])
  // Its container must not be taken for the workspace's.
  expect(spec.containerLabels).not.toHaveProperty('dev.berth.id')
})

it('is pinned to the node that has the volumes, and known by it', () => {
  const spec = pinned(workspace, 'me', 'node1', { image: 'sha256:1', isHeld: true })
  expect(spec.constraints).toEqual(['node.id==node1'])
  expect([workspaceOf(spec), nodeOf(spec)]).toEqual(['w1', 'node1'])
  expect(isAs(made(spec), spec)).toBe(true)
  for (const change of [{ isHeld: false }, { image: 'sha256:2' }, { memoryBytes: null }, { cpus: 1 }, { constraints: [] }])
    expect(isAs(made(spec), { ...spec, ...change })).toBe(false)
})

it('has a name that Swarm takes, however long the workspace’s is', () => {
  const { name } = unplaced({ ...workspace, name: 'a'.repeat(63) }, 'me', [])
  expect(name).toHaveLength(63)
  expect(name).not.toBe(unplaced({ ...workspace, name: 'a'.repeat(63) }, 'me', []).name)
})

it('is not the service of something else that has the workspace’s id', () => {
  expect(workspaceOf({ labels: { 'dev.berth.id': 'w1' } })).toBeNull()
})

it('what Swarm cannot give depends on its version', () => {
  const [old, recent] = [swarmLacks('1.41'), swarmLacks('1.45')]
  expect(old).toHaveLength(recent.length + 1)
  expect(old.join()).toContain('seccomp')
  expect(recent.join()).not.toContain('seccomp')
})
