import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { type CreationOptions, creationInput } from './creation-input'

const given = (options: CreationOptions, env: Record<string, string> = {}, input = '') =>
  creationInput('demo', options, { env, homedir: '/home/me', stdin: () => Readable.from([Buffer.from(input)]) })

test('what is not given is left out, so that the contract’s defaults hold', async () => {
  expect(await given({ env: [] })).toEqual({ name: 'demo' })
})

test('everything given is passed on', async () => {
  const options = {
    clone: ['https://host/a/b.git', 'owner/api#develop', '~/web'],
    image: 'debian:13',
    label: 'My demo',
    env: ['A=1', 'HOME'],
  }
  expect(await given(options, { HOME: '/home/me' })).toEqual({
    name: 'demo',
    clone: 'https://host/a/b.git',
    alsoClone: ['owner/api#develop', '/home/me/web'],
    image: 'debian:13',
    label: 'My demo',
    env: { A: '1', HOME: '/home/me' },
  })
})

test('a template is passed on by its name', async () => {
  expect(await given({ env: [], template: 'base' })).toEqual({ name: 'demo', template: 'base' })
})

test.each([
  ['.', process.cwd()],
  ['./sub/', `${process.cwd()}/sub`],
  ['/srv/repo', '/srv/repo'],
  ['~/repo', '/home/me/repo'],
  ['owner/repo', 'owner/repo'],
])('a folder of this machine is passed on by its whole path: %s', async (clone, passedOn) => {
  expect((await given({ env: [], clone: [clone] })).clone).toBe(passedOn)
})

test('what is chosen for the repository is passed on', async () => {
  const options = { env: [], clone: ['owner/repo'], branch: 'main', depth: 1, folder: 'web', withChanges: true }
  expect(await given(options)).toEqual({
    name: 'demo',
    clone: 'owner/repo',
    branch: 'main',
    depth: 1,
    folder: 'web',
    withChanges: true,
  })
})

test('an init script is read from its file or from stdin, and paths become absolute', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'berth-cli-'))
  const file = join(folder, 'init.sh')
  await writeFile(file, 'echo “ready”\n')
  expect(await given({ initScript: file, postStart: ['scripts', '/a', '~/b'] })).toEqual({
    name: 'demo',
    initScript: 'echo “ready”\n',
    postStart: [resolve('scripts'), '/a', '~/b'],
  })
  expect(await given({ initScript: '-' }, {}, 'make\n')).toEqual({ name: 'demo', initScript: 'make\n' })
  expect(await given({ initScript: '', postStart: [''] })).toEqual({ name: 'demo', initScript: '', postStart: [] })
  await writeFile(file, Buffer.from([0xff, 0xfe]))
  await expect(given({ initScript: file })).rejects.toThrow('is not text in UTF-8')
  await expect(given({ initScript: join(folder, 'none') })).rejects.toThrow('does not exist')
  await rm(folder, { recursive: true })
})
