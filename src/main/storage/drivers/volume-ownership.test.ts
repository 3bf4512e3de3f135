import { expect, it } from 'vitest'
import type { Engine } from '../../engine/engine'
import { createTarget, isOthers } from './volume-ownership'

/** An engine that hands out the volume that is there as if it were new. */
function engineWith(there: Record<string, Record<string, string>>) {
  const summary = (name: string) => (there[name] ? { name, labels: there[name], createdAt: null, options: {} } : null)
  return {
    inspect: async (name: string) => summary(name),
    async create(name: string, labels: Record<string, string>) {
      there[name] ??= labels
      return summary(name)
    },
  } as unknown as Engine['volumes']
}

const copy = { from: 'source', to: 'target', labels: { 'dev.berth.id': 'w1' } }

it('the target of a copy is made where there is none', async () => {
  const volumes = engineWith({})
  await createTarget(volumes, copy, {})
  expect(await isOthers(volumes, copy)).toBe(false)
})

it('the target of a copy is refused if someone else created it first, and stays theirs', async () => {
  const volumes = engineWith({ target: { 'dev.berth.id': 'w2' } })
  await expect(createTarget(volumes, copy, {})).rejects.toMatchObject({ code: 'FOREIGN_RESOURCE', data: { name: 'target' } })
  expect(await isOthers(volumes, copy)).toBe(true)
})

it('a missing target belongs to nobody', async () => {
  expect(await isOthers(engineWith({}), copy)).toBe(false)
})
