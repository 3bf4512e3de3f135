import { describe, expect, it } from 'vitest'
import type { EngineState, EngineView } from '../../../shared/contract/engines'
import { engineCapabilities } from '../../../shared/testing/engine-capabilities'
import { defaultFirst, describeEngines, describeOneEngine, engineAddress } from './describe-engine'

const connected: EngineState = {
  status: 'connected',
  endpoint: 'unix:///run/docker.sock',
  product: 'docker',
  version: '28.2.2',
  apiVersion: '1.50',
  operatingSystem: 'Debian',
  architecture: 'x86_64',
  cpus: 8,
  memoryBytes: 1,
  capabilities: engineCapabilities(),
}
const away: EngineState = { status: 'unreachable', tried: [], retryAt: null }
const connecting: EngineState = { status: 'connecting', endpoint: null }
const engine = (name: string, state: EngineState, fields: Partial<EngineView> = {}): EngineView => ({
  id: `id-${name}`,
  name,
  address: null,
  isDefault: false,
  state,
  ...fields,
})

describe('several engines in a few words', () => {
  it('that is connected and silent counts as one that does not answer', () => {
    const silent = { ...connected, quietSince: '2026-01-01T00:00:00.000Z' }
    expect(describeEngines([engine('a', connected), engine('b', silent)])).toEqual({ text: '1 of 2 engines', dot: 'error', away: ['b'] })
    expect(describeOneEngine(silent)).toBe('not responding')
  })

  it('are counted when all answer', () => {
    expect(describeEngines([engine('a', connected), engine('b', connected)])).toEqual({ text: '2 engines', dot: 'running', away: [] })
  })

  it('say how many of them answer, with the state of the worst and the names of those that do not', () => {
    const three = [engine('a', connected), engine('b', away), engine('c', connecting)]
    expect(describeEngines(three)).toEqual({ text: '1 of 3 engines', dot: 'error', away: ['b'] })
    expect(describeEngines([engine('a', connected), engine('c', connecting)])).toMatchObject({ text: '1 of 2 engines', dot: 'busy' })
  })
})

it('an engine beside its name is what it is, or why it cannot be used', () => {
  expect([connected, away, connecting].map(describeOneEngine)).toEqual(['Docker 28.2.2', 'not responding', 'connecting…'])
})

it('an engine is where it was said to be, or else where it was found', () => {
  expect(engineAddress(engine('a', away, { address: 'ssh://me@box' }))).toBe('ssh://me@box')
  expect(engineAddress(engine('a', connected))).toBe('unix:///run/docker.sock')
  expect(engineAddress(engine('a', away))).toBeNull()
})

it('that for new workspaces comes first, the others in their order', () => {
  const engines = [engine('a', connected), engine('b', connected), engine('c', connected, { isDefault: true })]
  expect(defaultFirst(engines).map(({ name }) => name)).toEqual(['c', 'a', 'b'])
})
