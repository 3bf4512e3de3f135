import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHostLogins } from './host-logins'

let userHome = ''
beforeAll(async () => {
  userHome = await mkdtemp(join(tmpdir(), 'berth-logins-'))
  const helper = join(userHome, 'helper')
  // Answers for one host only, as a helper that has a login for it does.
  await writeFile(
    helper,
    '#!/bin/sh\nif [ "$1" = get ] && grep -q "^host=git.example.com:8443$"; then echo username=me; echo "password=a=b c"; fi\n',
  )
  await chmod(helper, 0o755)
  await writeFile(join(userHome, '.gitconfig'), `[credential]\n\thelper = ${helper}\n`)
})
afterAll(() => rm(userHome, { recursive: true, force: true }))

it('the user’s own helper is asked for the hosts of the setting, and git asks nobody else', async () => {
  const hosts = ['git.example.com:8443', 'other.example.com', 'not a host']
  const answers = await createHostLogins({ hosts: () => hosts, userHome, now: () => new Date() }).all()
  expect([...answers]).toEqual([
    ['https://git.example.com:8443', { login: { username: 'me', password: 'a=b c' } }],
    ['https://other.example.com', { problem: expect.stringContaining('git on this machine has no login for it.') }],
  ])
})

it('many that ask at once are answered by one call, and a host that is no longer listed is forgotten', async () => {
  let time = 0
  let hosts = ['one.example.com']
  const asked: string[] = []
  const ask = async (origin: string) => {
    asked.push(origin)
    return { login: { username: 'me', password: String(asked.length) } }
  }
  const logins = createHostLogins({ hosts: () => hosts, userHome, now: () => new Date(time), ask })
  await Promise.all([logins.all(), logins.all()])
  expect(asked).toEqual(['https://one.example.com'])
  time += 60_000
  expect([...(await logins.all()).values()]).toEqual([{ login: { username: 'me', password: '2' } }])
  hosts = []
  expect(await logins.all()).toEqual(new Map())
  hosts = ['one.example.com']
  await logins.all()
  expect(asked).toHaveLength(3)
})
