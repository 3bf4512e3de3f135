import { describe, expect, it } from 'vitest'
import type { EngineState, EngineView } from '../../../shared/contract/engines'
import { engineCapabilities } from '../../../shared/testing/engine-capabilities'
import { swarm, swarmNode } from '../../../shared/testing/swarm'
import { constraintsProblem, describeSwarm, givenPlacement, managesUnused } from './placement'

describe('what a node has to be like', () => {
  it.each(['', ' , ', 'node.role==worker', 'node.labels.disk == ssd, node.hostname!=old'])('may be “%s”', (typed) => {
    expect(constraintsProblem(typed)).toBeNull()
  })

  it.each(['ssd', 'node.role=worker', '==worker', 'node.role==', 'node.role==worker,ssd', `a==${'b'.repeat(256)}`])(
    'may not be “%s”',
    (typed) => {
      expect(constraintsProblem(typed)).toEqual(expect.any(String))
    },
  )

  it('is at most twenty things', () => {
    expect(constraintsProblem(Array.from({ length: 20 }, (_, index) => `node.labels.l${index}==1`).join(','))).toBeNull()
    expect(constraintsProblem(Array.from({ length: 21 }, (_, index) => `node.labels.l${index}==1`).join(','))).toContain('20')
  })

  it('goes to Berth one by one, and what is empty not at all', () => {
    expect(givenPlacement({ engine: 'team', constraints: ' a==b , c!=d,' })).toEqual({ engine: 'team', constraints: ['a==b', 'c!=d'] })
    expect(givenPlacement({ engine: '', constraints: '' })).toEqual({})
    expect(givenPlacement({})).toEqual({})
  })
})

it('a Swarm beside its name is how many nodes it has, how many of them are there, or why it places nothing', () => {
  expect(describeSwarm(swarm())).toBe('2 nodes')
  expect(describeSwarm(swarm({ nodes: [swarmNode('a')] }))).toBe('1 node')
  expect(describeSwarm(swarm({ nodes: [swarmNode('a'), swarmNode('b', { state: 'down' })] }))).toBe('1 of 2 nodes')
  expect(describeSwarm(swarm({ manager: null }))).toBe('no manager is responding')
})

describe('a Swarm is offered', () => {
  const connected = (role: 'none' | 'worker' | 'manager'): EngineState => ({
    ...{ status: 'connected', endpoint: 'unix:///run/docker.sock', product: 'docker', version: '28.2.2', apiVersion: '1.50' },
    ...{ operatingSystem: 'Debian', architecture: 'x86_64', cpus: 8, memoryBytes: 1 },
    capabilities: engineCapabilities({ swarm: role, swarmNodeId: 'node-nas' }),
  })
  const engine = (state: EngineState): EngineView => ({ id: 'nas', name: 'nas', address: null, isDefault: false, state })

  it('on an engine that manages one', () => {
    expect(managesUnused(engine(connected('manager')), [])).toBe(true)
    expect(managesUnused(engine(connected('worker')), [])).toBe(false)
    expect(managesUnused(engine(connected('none')), [])).toBe(false)
    expect(managesUnused(engine({ status: 'connecting', endpoint: null }), [])).toBe(false)
  })

  it('once: not where Berth uses it already', () => {
    expect(managesUnused(engine(connected('manager')), [swarm({ manager: 'nas' })])).toBe(false)
    expect(managesUnused(engine(connected('manager')), [swarm({ nodes: [swarmNode('x', { engine: 'nas' })] })])).toBe(false)
    expect(managesUnused(engine(connected('manager')), [swarm({ nodes: [swarmNode('nas', { engine: null })] })])).toBe(false)
    expect(managesUnused(engine(connected('manager')), [swarm()])).toBe(true)
  })
})
