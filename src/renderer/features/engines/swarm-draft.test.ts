import { describe, expect, it } from 'vitest'
import { swarm, swarmNode } from '../../../shared/testing/swarm'
import { draftOfSwarm, givenReach, newSwarmDraft, ruleAddress, type SwarmDraft, swarmDraftProblems } from './swarm-draft'

const nothingTaken = () => false
const draft = (fields: Partial<SwarmDraft>): SwarmDraft => ({ ...newSwarmDraft('nas', nothingTaken), ...fields })
const wrong = (fields: Partial<SwarmDraft>, isTaken: (name: string) => boolean = nothingTaken) =>
  Object.entries(swarmDraftProblems(draft(fields), isTaken)).flatMap(([field, problem]) =>
    (Array.isArray(problem) ? problem.some((one) => one !== null) : problem !== null) ? [field] : [],
  )

describe('what is typed into Use a Swarm', () => {
  it.each(['', 'ssh://me@{hostname}', 'tcp://{address}:2376', 'context:{hostname}', 'ssh://me@{id}.example'])(
    'takes the rule “%s”',
    (rule) => {
      expect(wrong({ rule })).toEqual([])
    },
  )

  it.each(['{hostname}', 'me@{hostname}', 'ssh://me@worker', 'ftp://{hostname}', 'context:'])('does not take “%s” for a rule', (rule) => {
    expect(wrong({ rule })).toEqual(['rule'])
  })

  it('needs a manager, and a name that no engine and no other Swarm has', () => {
    expect(wrong({ engine: '' })).toEqual(['engine'])
    expect(wrong({ name: ' ' })).toEqual(['name'])
    expect(wrong({ name: 'nas' }, (name) => name === 'nas')).toEqual(['name'])
    expect(newSwarmDraft('nas', (name) => name === 'swarm').name).toBe('swarm-2')
  })

  it('takes an address for a node once, and one that is empty for none', () => {
    expect(
      wrong({
        addresses: [
          { node: 'a', address: 'context:a' },
          { node: 'b', address: '' },
        ],
      }),
    ).toEqual([])
    expect(wrong({ addresses: [{ node: '', address: '' }] })).toEqual([])
    expect(wrong({ addresses: [{ node: '', address: 'ssh://me@a' }] })).toEqual(['addresses'])
    expect(wrong({ addresses: [{ node: 'a', address: 'me@a' }] })).toEqual(['addresses'])
    const twice = { node: 'a', address: 'ssh://me@a' }
    expect(swarmDraftProblems(draft({ addresses: [twice, twice] }), nothingTaken).addresses).toEqual([null, expect.any(String)])
  })

  it('looks at the folder of certificates only where an address takes any', () => {
    expect(wrong({ rule: 'ssh://me@{hostname}', tlsFolder: 'relative' })).toEqual([])
    expect(wrong({ rule: 'tcp://{hostname}:2376', tlsFolder: 'relative' })).toEqual(['tlsFolder'])
    expect(wrong({ addresses: [{ node: 'a', address: 'tcp://a:2376' }], tlsFolder: 'relative' })).toEqual(['tlsFolder'])
  })

  it('goes to Berth without the space around it, and without what does not count', () => {
    const addresses = [
      { node: ' a ', address: ' ssh://me@a ' },
      { node: 'b', address: ' ' },
    ]
    expect(givenReach(draft({ rule: ' ', tlsFolder: '~/tls', addresses }))).toEqual({
      ...{ rule: null, tlsFolder: null, addresses: { a: 'ssh://me@a' }, movesOnDrain: true },
    })
    expect(givenReach(draft({ rule: 'tcp://{hostname}:2376', tlsFolder: ' ~/tls ', movesOnDrain: false }))).toMatchObject({
      ...{ rule: 'tcp://{hostname}:2376', tlsFolder: '~/tls', movesOnDrain: false },
    })
  })
})

it('the rule is shown with a node’s own name, address and id, and not before it can be one', () => {
  const node = { id: 'abc', hostname: 'worker-1', address: '10.0.0.5' }
  expect(ruleAddress('ssh://me@{hostname}.{id}', node)).toBe('ssh://me@worker-1.abc')
  expect(ruleAddress(' tcp://{address}:2376 ', node)).toBe('tcp://10.0.0.5:2376')
  expect(ruleAddress('ssh://{hostname}', { ...node, hostname: '$&' })).toBe('ssh://$&')
  expect(ruleAddress('me@{hostname}', node)).toBeNull()
  expect(ruleAddress('', node)).toBeNull()
})

it('a Swarm that is used has a place for the address of each node, and keeps those of nodes that are away', () => {
  const used = swarm({
    nodes: [swarmNode('a'), swarmNode('b'), swarmNode('c')],
    addresses: { b: 'ssh://me@b', 'node-c': 'ssh://me@c', gone: 'ssh://me@gone' },
  })
  const made = draftOfSwarm(used)
  expect(made.addresses).toEqual([
    { node: 'a', address: '' },
    { node: 'b', address: 'ssh://me@b' },
    { node: 'node-c', address: 'ssh://me@c' },
    { node: 'gone', address: 'ssh://me@gone' },
  ])
  expect(givenReach(made)).toEqual({ rule: used.rule, tlsFolder: null, addresses: used.addresses, movesOnDrain: true })
})
