import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestCore, docker, done, running, type TestCore, uniqueName } from './support/test-core'

describe('a workspace that was started outside Berth', () => {
  let test: TestCore
  const name = uniqueName('outside')

  beforeAll(async () => {
    test = await createTestCore()
    await done(test.core, test.core.workspaces.start({ name }))
    await done(test.core, test.core.workspaces.stop(name))
  })
  afterAll(() => test.dispose())

  it('just before Berth connects, is starting until it is ready', async () => {
    await test.core.close()
    await docker.getContainer(`workspace-${name}`).start()
    await test.open()
    await test.core.workspaces.reach(name, false)
    await expect.poll(() => test.core.workspaces.get(name).status, { interval: 5 }).toBe('starting')
    await running(test.core, name)
  })
})
