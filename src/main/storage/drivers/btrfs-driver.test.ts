import { expect, it } from 'vitest'
import { createBtrfsDriver } from './btrfs-driver'

/** A pool with these subvolumes, on an engine that has lost all volumes. */
function setUp(subvolumes: string[]) {
  const asked: string[] = []
  const pool = { subvolumes: async () => subvolumes, manager: { ask: async (...words: string[]) => void asked.push(words.join(' ')) } }
  const engine = { volumes: { inspect: async () => null } }
  return { asked, driver: createBtrfsDriver({ engine } as never, pool as never) }
}

it('limits data in the pool, even if the engine no longer has a volume for it', async () => {
  const { asked, driver } = setUp(['home', 'docker'])
  expect(await driver.limit(['home', 'docker'], 1e9)).toBe(true)
  expect(await driver.limit(['home', 'docker'], null)).toBe(true)
  expect(asked).toEqual(['limit 1000000000 home docker', 'limit none home docker'])
})

it('limits nothing where one of them is gone from the pool', async () => {
  const { asked, driver } = setUp(['home'])
  expect(await driver.limit(['home', 'docker'], 1e9)).toBe(false)
  expect(asked).toEqual([])
})
