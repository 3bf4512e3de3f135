import { expect, test, vi } from 'vitest'
import { fakeHost } from '../../testing/fake-host'
import { fakeWorkspace } from '../../testing/fake-records'
import { useFakeBerth } from '../../testing/use-fake-berth'

const fake = useFakeBerth(['demo'])
const { run } = fake

test('a password is the first line of the input, and the repository is cloned then', async () => {
  const host = fakeHost(fake.home, { env: { NO_COLOR: '1' } })
  host.input.end('p:w@ 1\nrest\n')
  expect(await run(['repo-credential', 'demo', 'octocat'], host)).toMatchObject({ code: 0, stdout: 'demo has its repository\n' })
  expect(fake.berth.calls).toEqual([
    'setRepoCredential {"workspace":"demo","credential":{"username":"octocat","password":"p:w@ 1"}}',
    'start {"name":"demo"}',
  ])
})

test('repositories are listed with their branch, how far it is from its upstream, and how many files have changed', async () => {
  expect(await run(['repos', 'demo'])).toMatchObject({ code: 0, stdout: 'demo has no repository.\n' })
  fake.berth.workspaces.set('app', fakeWorkspace('app', { repo: 'https://example.com/app.git' }))
  const { stdout } = await run(['repos', 'app'])
  expect(stdout).toContain('AHEAD/BEHIND')
  expect(stdout).toMatch(/\/home\/workspace\/repo +main +origin\/main +1\/0 +2\n/)
  expect((await run(['repos', 'app', '--json'])).json()).toMatchObject([{ branch: 'main', changedFiles: 2 }])
})

test('a password that is typed is asked for, and not shown', async () => {
  const host = fakeHost(fake.home, { terminal: true, env: { NO_COLOR: '1' } })
  const result = run(['repo-credential', 'demo', 'octocat'], host)
  await vi.waitFor(() => expect(host.stderr.text()).toContain('Password or token: '))
  host.input.write('secret\r')
  expect(await result).toMatchObject({ code: 0 })
  expect(host.stderr.text() + host.stdout.text()).not.toContain('secret')
  expect(fake.berth.calls[0]).toContain('"password":"secret"')
})

test('a credential is forgotten, without a clone', async () => {
  expect(await run(['repo-credential', 'demo', '--clear'])).toMatchObject({ code: 0 })
  expect(fake.berth.calls).toEqual(['setRepoCredential {"workspace":"demo","credential":null}'])
  expect(await run(['repo-credential', 'demo'])).toMatchObject({ code: 2 })
})

test('the key of a host is accepted by its fingerprint, and the repository is cloned then', async () => {
  expect((await run(['trust-host', 'demo', 'SHA256:abc', '--json'])).json()).toMatchObject({ name: 'demo', status: 'running' })
  expect(fake.berth.calls).toEqual(['trustRepoHost {"workspace":"demo","fingerprint":"SHA256:abc"}', 'start {"name":"demo"}'])
})

test('a repository of GitHub becomes a workspace, called as Berth says or as it was asked for', async () => {
  expect(await run(['import-github', 'octocat/app'])).toMatchObject({ code: 0, stdout: expect.stringContaining('imported') })
  expect((await run(['import-github', 'octocat/app', '--pr', '7', '--name', 'review', '--json'])).json()).toMatchObject({ name: 'review' })
  expect(fake.berth.calls.filter((call) => call.startsWith('importGithub'))).toEqual([
    'importGithub octocat/app ',
    'importGithub octocat/app 7',
  ])
  expect(await run(['import-github', 'octocat/app', '--pr', '7', '--branch', 'x'])).toMatchObject({ code: 2 })
  expect(await run(['import-github', 'octocat/app', '--pr', 'seven'])).toMatchObject({ code: 2 })
})
