import { expect, it } from 'vitest'
import { BerthError } from '../../../shared/errors'
import { createFreezer } from './freezer'

const calls: string[] = []
const state = () => ({ status: 'connecting', endpoint: null })
const engine = {
  state,
  containers: {
    pause: async (id: string) => void calls.push(`pause ${id}`),
    unpause: async (id: string) => void calls.push(`unpause ${id}`),
  },
}

it('tells whom it holds, also while another waits for its turn, and lets go of what failed', async () => {
  const freezer = createFreezer(engine as never)
  const seen: boolean[] = []
  const look = async () => void seen.push(freezer.holds('c1'), freezer.holds('c2'))
  const failing = freezer.freeze('c1', async () => {
    await look()
    throw new Error('no copy')
  })
  const next = freezer.freeze('c1', look)
  await expect(failing).rejects.toThrow('no copy')
  await next
  expect(seen).toEqual([true, false, true, false])
  expect(freezer.holds('c1')).toBe(false)
  expect(calls).toEqual(['pause c1', 'unpause c1', 'pause c1', 'unpause c1'])
})

it('asks again when the engine does not manage to hold a container still at once, and gives up after a few tries', async () => {
  const refusal = new BerthError('ENGINE_REFUSED', 'Unable to freeze.', {
    engineStatus: 500,
    reason: 'unable to freeze',
    next: 'Try again.',
  })
  let refusals = 2
  const containers = {
    async pause() {
      refusals -= 1
      if (refusals >= 0) throw refusal
    },
    unpause: async () => undefined,
  }
  const freezer = createFreezer({ state, containers } as never)
  const copied: string[] = []
  await freezer.freeze('c1', async () => void copied.push('c1'))
  expect(copied).toEqual(['c1'])
  refusals = 9
  await expect(freezer.freeze('c1', async () => void copied.push('c1'))).rejects.toBe(refusal)
  expect([copied, refusals, freezer.holds('c1')]).toEqual([['c1'], 6, false])
})
