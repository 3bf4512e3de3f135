import { expect, test } from 'vitest'
import { creationInput } from './creation-input'

test('what is not given is left out, so that the contract’s defaults hold', () => {
  expect(creationInput('demo', { env: [] }, {})).toEqual({ name: 'demo' })
})

test('everything given is passed on', () => {
  const options = { clone: 'https://host/a/b.git', image: 'debian:13', label: 'My demo', env: ['A=1', 'HOME'] }
  expect(creationInput('demo', options, { HOME: '/home/me' })).toEqual({
    name: 'demo',
    clone: 'https://host/a/b.git',
    image: 'debian:13',
    label: 'My demo',
    env: { A: '1', HOME: '/home/me' },
  })
})

test('a template is passed on by its name', () => {
  expect(creationInput('demo', { env: [], template: 'base' }, {})).toEqual({ name: 'demo', template: 'base' })
})
