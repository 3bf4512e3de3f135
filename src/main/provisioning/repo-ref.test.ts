import { describe, expect, it } from 'vitest'
import { candidateRefs, listedRefs, resolveRef } from './repo-ref'

const listed = listedRefs(
  ['HEAD', 'refs/heads/main', 'refs/heads/feature/x', 'refs/tags/v1', 'refs/tags/v1^{}', 'refs/pull/7/head', 'refs/heads/deadbee']
    .map((name) => `${'0'.repeat(40)}\t${name}\n`)
    .join(''),
)

describe('a ref', () => {
  it.each([
    [null, { kind: 'default' }],
    ['main', { kind: 'named', name: 'main', folder: null }],
    ['v1', { kind: 'named', name: 'v1', folder: null }],
    ['feature/x', { kind: 'named', name: 'feature/x', folder: null }],
    ['feature/x/packages/web', { kind: 'named', name: 'feature/x', folder: 'packages/web' }],
    ['main/docs', { kind: 'named', name: 'main', folder: 'docs' }],
    ['refs/heads/feature/x', { kind: 'named', name: 'feature/x', folder: null }],
    ['refs/pull/7/head', { kind: 'other', fullName: 'refs/pull/7/head', branch: 'pull/7' }],
    ['deadbee', { kind: 'named', name: 'deadbee', folder: null }],
    ['0123abc', { kind: 'commit', id: '0123abc' }],
    ['feature', null],
    ['refs/pull/8/head', null],
    ['none', null],
  ])('“%s” is what the server has', (ref, target) => expect(resolveRef(ref, listed)).toEqual(target))

  it('is looked for as a branch and a tag, whole first', () => {
    expect(candidateRefs('a/b')).toEqual(['refs/heads/a/b', 'refs/tags/a/b', 'refs/heads/a', 'refs/tags/a'])
    expect(candidateRefs('refs/pull/7/head')).toEqual(['refs/pull/7/head'])
  })
})
