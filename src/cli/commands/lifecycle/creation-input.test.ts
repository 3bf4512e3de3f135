import { expect, test } from 'vitest'
import { creationInput } from './creation-input'

const host = { env: {}, homedir: '/home/me' }

test('what is not given is left out, so that the contract’s defaults hold', () => {
  expect(creationInput('demo', { env: [] }, host)).toEqual({ name: 'demo' })
})

test('everything given is passed on', () => {
  const options = { clone: 'https://host/a/b.git', image: 'debian:13', label: 'My demo', env: ['A=1', 'HOME'] }
  expect(creationInput('demo', options, { env: { HOME: '/home/me' }, homedir: '/home/me' })).toEqual({
    name: 'demo',
    clone: 'https://host/a/b.git',
    image: 'debian:13',
    label: 'My demo',
    env: { A: '1', HOME: '/home/me' },
  })
})

test('a template is passed on by its name', () => {
  expect(creationInput('demo', { env: [], template: 'base' }, host)).toEqual({ name: 'demo', template: 'base' })
})

test.each([
  ['.', process.cwd()],
  ['./sub/', `${process.cwd()}/sub`],
  ['/srv/repo', '/srv/repo'],
  ['~/repo', '/home/me/repo'],
  ['owner/repo', 'owner/repo'],
])('a folder of this machine is passed on by its whole path: %s', (clone, passedOn) => {
  expect(creationInput('demo', { env: [], clone }, host).clone).toBe(passedOn)
})

test('what is chosen for the repository is passed on', () => {
  const options = { env: [], clone: 'owner/repo', branch: 'main', depth: 1, folder: 'web', withChanges: true }
  expect(creationInput('demo', options, host)).toEqual({
    name: 'demo',
    clone: 'owner/repo',
    branch: 'main',
    depth: 1,
    folder: 'web',
    withChanges: true,
  })
})
