import { expect, test } from 'vitest'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo'])
const { run } = fake

test('values are masked until they are asked for, and variables can be taken away', async () => {
  await run(['configure', 'demo', '--env', 'A=1', '--env', 'B=2'])
  expect((await run(['env', 'demo'])).stdout).toBe('A=***\nB=***\n')
  expect((await run(['env', 'demo', '--reveal', '--json'])).json()).toEqual({ variables: { A: 'revealed', B: 'revealed' }, lost: [] })
  expect((await run(['env', 'demo', '--unset', 'A'])).stdout).toBe('B=***\n')
  expect((await run(['info', 'demo'])).stdout).not.toContain('revealed')
})

test('settings show variables masked until their values are asked for', async () => {
  await run(['settings', 'set', 'env', 'EDITOR=vim'])
  expect((await run(['settings', 'get', 'env', '--reveal'])).stdout).toBe('EDITOR=revealed\n')
  expect(await run(['settings', 'get', 'theme', '--reveal'])).toMatchObject({ code: 2 })
})
