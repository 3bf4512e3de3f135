import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fakeHost } from '../../testing/fake-host'
import { fakeWorkspace } from '../../testing/fake-records'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo'])
let bin: string
beforeEach(async () => {
  bin = await mkdtemp(join(tmpdir(), 'berth-ssh-'))
  await writeFile(join(bin, 'ssh'), `#!/bin/sh\nprintf '%s\\n' "$@" >"${bin}/arguments"\nexit 7\n`)
  await chmod(join(bin, 'ssh'), 0o755)
})
afterEach(() => rm(bin, { recursive: true }))
const ssh = (argv: string[], path = `${bin}:${process.env.PATH}`) =>
  fake.run(['ssh', ...argv], fakeHost(fake.home, { env: { PATH: path } }))

test('ssh gets Berth’s config, the host of the workspace and the words of the command as they are', async () => {
  expect(await ssh(['demo', '--', 'ls', '-l', 'a b'])).toMatchObject({ code: 7, stderr: '' })
  const parameters = ['-F', '/home/me/.config/berth/ssh/config', 'demo.berth', '--', 'ls', '-l', 'a b', '']
  expect((await readFile(join(bin, 'arguments'), 'utf8')).split('\n')).toEqual(parameters)
  expect((await ssh(['demo'])).code).toBe(7)
  expect((await readFile(join(bin, 'arguments'), 'utf8')).split('\n').slice(2)).toEqual(['demo.berth', ''])
})

test('one that is stopped is started when that is asked for', async () => {
  fake.berth.workspaces.set('demo', fakeWorkspace('demo', { status: 'stopped', running: false }))
  expect(await ssh(['demo'])).toMatchObject({ code: 125, stderr: expect.stringContaining('demo is stopped') })
  expect(await ssh(['demo', '--start'])).toMatchObject({ code: 7, stdout: '' })
})

test('what has no ssh says so', async () => {
  expect(await ssh(['demo'], '/nowhere')).toMatchObject({ code: 125, stderr: expect.stringContaining('no ssh command') })
  fake.berth.workspaces.set(
    'site',
    fakeWorkspace('site', { kind: 'host', host: { folder: '/site', created: false }, ports: { ssh: null } }),
  )
  expect(await ssh(['site'])).toMatchObject({ code: 2 })
})
