import { expect, it } from 'vitest'
import { createFreezer } from './freezer'

const calls: string[] = []
const engine = {
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
