import { expect, it } from 'vitest'
import { readBuildRequest } from './image-builds'

const read = (request: Omit<Parameters<typeof readBuildRequest>[0], 'noCache'>) =>
  readBuildRequest({ ...request, noCache: false }, '/home/me')

it('names a bundled build by its distribution and size', () => {
  const bundled = { kind: 'bundled', distro: 'debian-trixie', size: 'full', base: null }
  expect(read({})).toEqual({ tag: 'berth:latest', from: bundled, noCache: false })
  expect(read({ size: 'base' })).toMatchObject({ tag: 'berth-base:latest' })
  expect(read({ distro: 'arch-linux', from: 'archlinux:latest' })).toMatchObject({
    tag: 'berth:arch-linux',
    from: { distro: 'arch-linux', base: 'archlinux:latest' },
  })
  expect(read({ tag: 'mine' })).toMatchObject({ tag: 'mine:latest', from: bundled })
})

it('takes a Dockerfile with its folder, or a folder with its Dockerfile', () => {
  const tag = 'team/image:1'
  expect(read({ tag, file: '/src/docker/Dockerfile' }).from).toEqual({
    kind: 'own',
    dockerfile: '/src/docker/Dockerfile',
    context: '/src/docker',
  })
  expect(read({ tag, context: '~/src' }).from).toEqual({ kind: 'own', dockerfile: '/home/me/src/Dockerfile', context: '/home/me/src' })
  expect(read({ tag, context: '/src', file: '/other/File' }).from).toEqual({ kind: 'own', dockerfile: '/other/File', context: '/src' })
})

it.each([
  ['no name for a folder of one’s own', { context: '/src' }],
  ['a digest for a name', { tag: `mine@sha256:${'a'.repeat(64)}` }],
  ['a distribution for a folder of one’s own', { context: '/src', tag: 'mine', distro: 'arch-linux' as const }],
  ['a base for a folder of one’s own', { context: '/src', tag: 'mine', from: 'debian:13' }],
])('refuses %s', (_, request) => {
  expect(() => read(request)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }))
})
