import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEFAULT_DISTRO, localImage } from '../src/shared/distros'
import { FIRST_DAY, MAKE_TINY_IMAGE } from './support/first-day-commands'
import { longDescribe } from './support/long'
import { createTestCore, done, inside, type TestCore, uniqueName } from './support/test-core'

/** The one that is ready for work: another can be named while that is being worked on. */
const image = process.env.BERTH_TEST_FULL_IMAGE ?? localImage(DEFAULT_DISTRO, 'full')

longDescribe('on the first day in a workspace that is ready for work', () => {
  let test: TestCore
  const name = uniqueName('first-day')
  beforeAll(async () => {
    test = await createTestCore()
    await done(test.core, test.core.workspaces.start({ name, image }))
    await inside(test.core, name, MAKE_TINY_IMAGE)
  })
  afterAll(() => test.dispose())

  it.each(FIRST_DAY)('%s', async (_, script, expected) => {
    const printed = await inside(test.core, name, `cd "$(mktemp -d)" && bash -lc ${quoted(script)}`)
    if (typeof expected === 'string') expect(printed).toBe(expected)
    else expect(printed).toMatch(expected)
  })

  it('is at least sixty commands', () => expect(FIRST_DAY.length).toBeGreaterThanOrEqual(60))
})

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
