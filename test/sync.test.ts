import { chmod, lstat, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestCore, done, inside, nextEvent, type TestCore, uniqueName } from './support/test-core'

let berth: TestCore
let userHome = ''
const name = uniqueName('sync')
const TOKEN = 'ghp_Secret0123456789'

const core = () => berth.core
const synced = () => core().workspaces.get(name).synced
const ls = (path: string) => inside(core(), name, `stat -c '%U:%G %a %Y' ${path}`)
const sync = (force = false) => done(core(), core().workspaces.sync(name, { force }))

async function put(path: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(join(userHome, path, '..'), { recursive: true })
  await writeFile(join(userHome, path), text)
  await chmod(join(userHome, path), mode)
}

beforeAll(async () => {
  userHome = await mkdtemp(join(tmpdir(), 'berth-sync-'))
  await put('.gitconfig', '[user]\n\tname = Me\n', 0o600)
  await put('tools/run', '#!/bin/sh\n', 0o755)
  await put("tools/ü 'x' $y\n", 'odd')
  await put('tools/deep/er/file', 'deep')
  await symlink('run', join(userHome, 'tools/link'))
  await utimes(join(userHome, 'tools/run'), 1_600_000_000, 1_600_000_000)
  await put('.ssh/id_test', '-----BEGIN OPENSSH PRIVATE KEY-----\n', 0o644)
  await put('.ssh/id_test.pub', 'no key\n', 0o600)
  await put('.codex/auth.json', '{}')
  await put('.npmrc', 'registry=x\n')
  berth = await createTestCore(
    {
      syncGitConfig: true,
      syncFiles: ['~/tools', '~/.npmrc:~/etc/npmrc'],
      syncSshKeys: ['~/.ssh/id_test'],
      codingAgents: ['codex'],
      githubToken: TOKEN,
    },
    { userHome },
  )
  await done(core(), core().workspaces.create({ name }))
})
afterAll(async () => {
  await berth?.dispose()
  await rm(userHome, { recursive: true, force: true })
})

test('a start brings files with owner, mode, time and links', async () => {
  expect(synced()).toMatchObject({ sent: { count: 12 }, removed: { count: 0 }, conflicts: { count: 0 }, problems: [] })
  expect(await ls('~/tools/run')).toBe('workspace:workspace 755 1600000000')
  const folderTime = Math.floor((await lstat(join(userHome, 'tools'))).mtimeMs / 1000)
  expect(await ls('~/tools')).toBe(`workspace:workspace 755 ${folderTime}`)
  expect(await inside(core(), name, 'readlink ~/tools/link; cat ~/tools/deep/er/file ~/tools/ü*')).toBe('run\ndeepodd')
  const modes = 'stat -c "%U %a" ~/.gitconfig ~/.ssh ~/.ssh/id_test ~/.ssh/id_test.pub ~/.codex/auth.json ~/etc/npmrc'
  expect((await inside(core(), name, modes)).split('\n').map((line) => line.replace('workspace ', ''))).toEqual([
    ...['600', '700', '600', '644', '600', '644'],
  ])
  expect(await inside(core(), name, 'git config user.name')).toBe('Me')
  expect(await inside(core(), name, 'ls -A ~ | grep berth-sync || true')).toBe('')
})

test('git has the GitHub token for github.com only, and it is nowhere that others see', async () => {
  const fill = (host: string) =>
    inside(core(), name, `printf 'protocol=https\\nhost=${host}\\n\\n' | GIT_TERMINAL_PROMPT=0 git credential fill 2>&1 || true`)
  expect(await fill('github.com')).toContain(`password=${TOKEN}`)
  expect(await fill('example.com')).not.toContain(TOKEN)
  expect(await inside(core(), name, 'stat -c %a ~/.config/gh/hosts.yml')).toBe('600')
  expect(await inside(core(), name, 'git config --system -l; cat /proc/*/environ | tr "\\0" "\\n"', 'root')).not.toContain(TOKEN)
  expect(JSON.stringify([core().settings.get(), core().operations.list(), await core().debugReports.of(name)])).not.toContain(TOKEN)
  expect(await inside(core(), name, 'cat /var/lib/berth/synced.json', 'root')).not.toContain(TOKEN)
})

test('a change is copied automatically: one of 1,000 files sends one', async () => {
  for (let index = 0; index < 1000; index++) await put(`many/${index}`, `file ${index}`)
  await core().workspaces.update(name, { syncFiles: ['~/many'] })
  while (synced()?.sent.count !== 1000) await nextEvent(core())
  await put('many/500', 'changed')
  while (synced()?.sent.count === 1000) await nextEvent(core())
  expect(synced()).toMatchObject({ sent: { count: 1, paths: ['/home/workspace/many/500'] }, unchanged: 1011 })
  expect(await inside(core(), name, 'cat ~/many/500')).toBe('changed')
})

test('what was changed inside is left and told, until it is forced', async () => {
  await inside(core(), name, 'echo mine >>~/.gitconfig; echo mine >~/etc/npmrc')
  await put('.gitconfig', '[user]\n\tname = You\n')
  core().settings.update({ syncFiles: ['~/tools'], githubToken: null })
  const { notices } = await sync()
  expect(synced()?.conflicts.paths).toEqual(['/home/workspace/.gitconfig', '/home/workspace/etc/npmrc'])
  expect(notices.join()).toContain('--force')
  expect(await inside(core(), name, 'tail -qn1 ~/.gitconfig ~/etc/npmrc; ls -A ~/.config/gh ~/.config/berth')).toBe(
    'mine\nmine\n/home/workspace/.config/berth:\n\n/home/workspace/.config/gh:',
  )
  await sync(true)
  expect(synced()).toMatchObject({ sent: { paths: ['/home/workspace/.gitconfig'] }, conflicts: { count: 0 } })
  expect(synced()?.removed.paths).toEqual(['/home/workspace/etc/npmrc'])
  expect(await inside(core(), name, 'git config user.name; ls ~/etc; git config --system --get-regexp github || true')).toBe('You')
})

test('nothing is written through a link that leads out of the home folder', async () => {
  await inside(core(), name, 'rm -r ~/tools; ln -s /etc/ssh ~/tools')
  await put('tools/run', 'changed')
  await sync()
  expect(synced()?.conflicts.paths).toEqual(['/home/workspace/tools/run'])
  expect(await inside(core(), name, 'ls /etc/ssh/run 2>&1 || true', 'root')).toContain('No such file')
  await inside(core(), name, 'rm ~/tools')
})

test('a restart copies changes since then, and a start continues whatever cannot be copied', async () => {
  await done(core(), core().workspaces.stop(name))
  await put('.gitconfig', '[user]\n\tname = They\n')
  core().settings.update({ syncFiles: ['~/missing'] })
  const { notices } = await done(core(), core().workspaces.start({ name }))
  expect(notices).toEqual([`Not copied: ${join(userHome, 'missing')} does not exist.`])
  expect(await inside(core(), name, 'git config user.name')).toBe('They')
})

test('one that is to have no credentials has its own files only: what it has of the others’ is taken away, and comes again', async () => {
  process.env.OPENAI_API_KEY = 'sk-test'
  const shared = '.gitconfig .ssh/id_test .codex/auth.json etc/npmrc .config/gh/hosts.yml'
  const look = () => inside(core(), name, `cd; ls ${shared} tools/run 2>/dev/null; echo "$OPENAI_API_KEY"`)
  /** All of these changes are synced by themselves. */
  const comesTo = (expected: string) => expect.poll(look, { timeout: 60_000, interval: 500 }).toBe(expected)
  const all = '.codex/auth.json\n.config/gh/hosts.yml\n.gitconfig\n.ssh/id_test\netc/npmrc\ntools/run\nsk-test'
  core().settings.update({ syncFiles: ['~/.npmrc:~/etc/npmrc'], githubToken: TOKEN })
  await core().workspaces.update(name, { syncFiles: ['~/tools'] })
  await comesTo(all)
  await core().workspaces.update(name, { credentials: 'none' })
  await comesTo('tools/run')
  expect(await inside(core(), name, 'git config --system --get-regexp github || true')).toBe('')
  await core().workspaces.update(name, { credentials: 'shared' })
  await comesTo(all)
  delete process.env.OPENAI_API_KEY
})
