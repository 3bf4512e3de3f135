import { describe, expect, it } from 'vitest'
import type { FoundEngine } from '../../../shared/contract/engines'
import { draftOfFound, type EngineDraft, emptyEngineDraft, engineDraftProblems, givenEngine, proposedEngineName } from './engine-draft'

const draft = (fields: Partial<EngineDraft>): EngineDraft => ({ ...emptyEngineDraft, ...fields })
const nothingTaken = () => false
const problems = (fields: Partial<EngineDraft>, isTaken: (name: string) => boolean = nothingTaken) =>
  Object.entries(engineDraftProblems(draft(fields), isTaken)).flatMap(([field, problem]) => (problem === null ? [] : field))

describe('what is typed into Add engine', () => {
  it.each(['ssh://me@box', 'tcp://box:2376', 'unix:///run/user/1000/docker.sock', 'https://box'])('takes %s', (address) => {
    expect(problems({ name: 'box', address })).toEqual([])
  })

  it.each(['', 'box', 'me@box', 'ftp://box', 'ssh://'])('does not take “%s” for an address', (address) => {
    expect(problems({ name: 'box', address })).toEqual(['address'])
  })

  it('takes a context instead, and then asks for no address', () => {
    expect(problems({ name: 'box', kind: 'context', context: 'desktop-linux' })).toEqual([])
    expect(problems({ name: 'box', kind: 'context', context: ' ' })).toEqual(['context'])
  })

  it('needs a name that nothing else has', () => {
    const address = 'ssh://me@box'
    expect(problems({ name: '', address })).toEqual(['name'])
    expect(problems({ name: 'two words', address })).toEqual(['name'])
    expect(problems({ name: 'box', address }, (name) => name === 'box')).toEqual(['name'])
  })

  it('looks at the folder of certificates only where there are any', () => {
    expect(problems({ name: 'box', address: 'tcp://box:2376', tlsFolder: 'relative' })).toEqual(['tlsFolder'])
    expect(problems({ name: 'box', address: 'ssh://me@box', tlsFolder: 'relative' })).toEqual([])
  })

  it('goes to Berth without the space around it, and without what does not count', () => {
    expect(givenEngine(draft({ address: ' tcp://box:2376 ', tlsFolder: ' ~/tls ' }))).toEqual({
      address: 'tcp://box:2376',
      tlsFolder: '~/tls',
    })
    expect(givenEngine(draft({ address: 'ssh://me@box', tlsFolder: '~/tls' }))).toEqual({ address: 'ssh://me@box' })
    expect(givenEngine(draft({ kind: 'context', address: 'ssh://me@box', context: ' remote ' }))).toEqual({ context: 'remote' })
  })
})

describe('the name that is proposed', () => {
  it.each([
    ['ssh://me@build-box:22', 'build-box'],
    ['tcp://10.0.0.7:2376', '10.0.0.7'],
    ['unix:///run/user/1000/podman/podman.sock', 'podman'],
    ['tcp://[fd00::1]:2376', 'fd00-1-'],
    ['ssh://', ''],
    ['nonsense', ''],
  ])('of %s is “%s”', (address, name) => {
    expect(proposedEngineName(draft({ address }), nothingTaken)).toBe(name)
  })

  it('is free', () => {
    const taken = new Set(['box', 'box-2'])
    expect(proposedEngineName(draft({ address: 'ssh://me@box' }), (name) => taken.has(name))).toBe('box-3')
  })
})

describe('an engine that was found', () => {
  const found: FoundEngine = {
    source: 'context',
    name: 'desktop linux',
    address: 'unix:///home/me/.docker/desktop/docker.sock',
    context: 'desktop linux',
    tlsFolder: null,
    description: null,
    isCurrent: true,
    problem: null,
    usedAs: null,
  }

  it('is used by its context if it has one, under a name that can be one', () => {
    const used = draftOfFound(found, nothingTaken)
    expect(used).toMatchObject({ name: 'desktop-linux', kind: 'context', context: 'desktop linux' })
    expect(problems(used)).toEqual([])
  })

  it('is used by its address otherwise', () => {
    const used = draftOfFound({ ...found, source: 'socket', name: '***', context: null, tlsFolder: '/tls' }, (name) => name === 'docker')
    expect(used).toMatchObject({ name: 'docker-2', kind: 'address', address: found.address, tlsFolder: '/tls' })
  })
})
