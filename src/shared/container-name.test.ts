import { expect, it } from 'vitest'
import { containerReferenceSchema } from './container-name'
import { contract } from './contract/contract'

it.each(['web', 'My_app-1.db', '0123456789abcdef', 'a'])('“%s” can be a container', (name) => {
  expect(containerReferenceSchema.safeParse(name).success).toBe(true)
})

it.each(['../../x;id', '', '-rm', '.hidden', 'a b', 'a/b', 'a\n', '$(id)', 'ü', 'a'.repeat(257)])('“%s” cannot', (name) => {
  expect(containerReferenceSchema.safeParse(name).success).toBe(false)
})

it('is asked of whoever forwards a port of a container', () => {
  const input = contract.ports.add['~orpc'].inputSchema
  expect(input?.safeParse({ workspace: 'demo', port: 80, container: '../../x;id' }).success).toBe(false)
  expect(input?.safeParse({ workspace: 'demo', port: 80, container: 'web' }).success).toBe(true)
})
