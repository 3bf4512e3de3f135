import { describe, expect, it } from 'vitest'
import { imageReferenceProblem, imageReferenceSchema, parseImageReference } from './image-reference'

const HEX = '0123456789abcdef'.repeat(4)

describe('an image reference', () => {
  it.each([
    ['debian', { name: 'debian', tag: null, digest: null }],
    ['debian:12-slim', { name: 'debian', tag: '12-slim', digest: null }],
    ['berth:latest', { name: 'berth', tag: 'latest', digest: null }],
    ['berth-layer/abc123:x', { name: 'berth-layer/abc123', tag: 'x', digest: null }],
    ['localhost:5000/a/b', { name: 'localhost:5000/a/b', tag: null, digest: null }],
    ['localhost:5000/a:b', { name: 'localhost:5000/a', tag: 'b', digest: null }],
    ['Registry.Example.com/team/image:V1.0_x', { name: 'Registry.Example.com/team/image', tag: 'V1.0_x', digest: null }],
    ['[::1]:5000/image', { name: '[::1]:5000/image', tag: null, digest: null }],
    ['a__b/c--d', { name: 'a__b/c--d', tag: null, digest: null }],
    [`debian@sha256:${HEX}`, { name: 'debian', tag: null, digest: `sha256:${HEX}` }],
    [`debian:12@sha256:${HEX}`, { name: 'debian', tag: '12', digest: `sha256:${HEX}` }],
    [`sha256:${HEX}`, { name: 'sha256', tag: HEX, digest: null }],
    [HEX, { name: HEX, tag: null, digest: null }],
  ])('%s is taken apart', (reference, parts) => {
    expect(parseImageReference(reference)).toEqual(parts)
    expect(imageReferenceSchema.safeParse(reference).success).toBe(true)
  })

  it.each([
    ...['', '.', '..', './debian', 'debian/', '/debian', 'debian//x', 'a/../b', 'a/./b', '../b', '../../127.0.0.1:29999/x?a=b#'],
    ...['https://127.0.0.1:29999/x', 'http://a/b', 'debian?x', 'debian#x', 'debian%2f', 'a b', 'a\nb', 'a\0b', 'debian\\x', 'é', '-debian'],
    ...[
      'Debian',
      'debian:',
      'debian:-x',
      'debian::x',
      'debian:a:b',
      `debian:${'t'.repeat(129)}`,
      'debian@',
      'debian@sha256',
      'debian@sha256:abc',
    ],
    ...['a..b', 'a___b', 'a_', '_a', 'a.-b', 'host:port/a', 'a@b@c', `${'a/'.repeat(130)}a`, 'a'.repeat(600)],
  ])('%j is none', (reference) => {
    expect(parseImageReference(reference)).toBeNull()
    expect(imageReferenceProblem(reference)).toEqual(expect.any(String))
    expect(imageReferenceSchema.safeParse(reference).success).toBe(false)
  })

  it('is checked in no time however long it is', () => {
    const begin = performance.now()
    imageReferenceProblem(`${'a-'.repeat(255)}!`)
    imageReferenceProblem(`${'a.'.repeat(255)}!`)
    imageReferenceProblem(`${'a'.repeat(511)}!`)
    expect(performance.now() - begin).toBeLessThan(100)
  })
})
