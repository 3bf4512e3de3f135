import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readHostScript, readHostScripts } from './host-scripts'

let home = ''

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'berth-scripts-'))
  await mkdir(join(home, 'start.d', 'below'), { recursive: true })
  for (const name of ['20-b.sh', '10-a.sh', '.hidden', 'below/never']) await writeFile(join(home, 'start.d', name), name)
  await symlink(join(home, 'nowhere'), join(home, 'start.d', '30-broken'))
  await writeFile(join(home, 'large'), Buffer.alloc(1024 * 1024 + 1))
})
afterAll(() => rm(home, { recursive: true }))

test('files of a folder come sorted by name; what cannot be read is told', async () => {
  const { scripts, problems } = await readHostScripts(['~/start.d', join(home, 'start.d', '10-a.sh')], home)
  expect(scripts.map(({ name, content }) => [name, content.toString()])).toEqual([
    ['10-a.sh', '10-a.sh'],
    ['20-b.sh', '20-b.sh'],
    ['10-a.sh', '10-a.sh'],
  ])
  expect(problems).toEqual([`${join(home, 'start.d', '30-broken')} does not exist.`])
})

test('a path that is missing, too large or no file is told', async () => {
  const { scripts, problems } = await readHostScripts(['~/nowhere', '~/large', '/dev/null'], home)
  expect(scripts).toEqual([])
  expect(problems).toEqual([`${home}/nowhere does not exist.`, `${home}/large is larger than 1 MiB.`, '/dev/null is not a file.'])
})

test('one script alone is a file, or an error', async () => {
  expect(await readHostScript('~/start.d/20-b.sh', home)).toEqual({ name: '20-b.sh', content: Buffer.from('20-b.sh') })
  const refusal = { code: 'FILE_UNUSABLE', message: expect.stringContaining('is a folder') }
  await expect(readHostScript('~/start.d', home)).rejects.toMatchObject(refusal)
})
