import { expect, test } from 'vitest'
import { fakeOperation } from '../../testing/fake-records'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo'])

const problem = { code: 'DISK_FULL' as const, message: 'The disk is full.', next: 'Free some space.', data: {} }
const stuck = fakeOperation('snapshot.restore', 'demo', {
  id: 'stuck',
  status: 'rolling-back',
  needsDecision: true,
  waiting: { for: 'disk', problem, attempts: 3, retryAt: null },
})

test('an operation that cannot go on is listed, says what is in its way, and how to decide', async () => {
  fake.berth.show(stuck)
  const list = await fake.run(['operation', 'list'])
  expect(list.stdout).toMatch(/stuck +snapshot.restore +demo +needs a decision/)
  const { stdout } = await fake.run(['operation', 'show', 'stuck'])
  expect(stdout).toContain('The disk is full.\nFree some space.')
  expect(stdout).toContain('berth operation accept stuck')
})

test('what is decided is asked of Berth', async () => {
  fake.berth.show(stuck)
  for (const how of ['retry', 'accept'])
    expect((await fake.run(['operation', how, 'stuck', '--json'])).json()).toMatchObject({ id: 'stuck' })
  expect(fake.berth.calls).toEqual(expect.arrayContaining(['retry stuck', 'accept stuck']))
})

test('without any, nothing is printed but a remark', async () => {
  expect(await fake.run(['operation', 'list'])).toMatchObject({ code: 0, stdout: '', stderr: 'No operation is under way.\n' })
})
