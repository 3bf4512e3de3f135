import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo'])
const { run } = fake

test('is printed, with a word of caution', async () => {
  expect(await run(['report'])).toMatchObject({
    code: 0,
    stdout: '## What happened\n\n## Engines\n',
    stderr: expect.stringContaining('Review it'),
  })
})

test('goes to a file that only its owner can read, and takes the place of none unasked', async () => {
  const file = join(fake.home, 'report.md')
  expect(await run(['doctor', '--report', file])).toMatchObject({ code: 0, stdout: `${file}\n` })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readFile(file, 'utf8')).toContain('## Engines')
  expect(await run(['report', '-o', file])).toMatchObject({ code: 1, stderr: expect.stringContaining('it exists already') })
  expect((await run(['report', '-o', file, '--force', '--json'])).json()).toMatchObject({
    file,
    report: expect.stringContaining('## Engines'),
  })
})
