import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readPlan } from './plan'
import { sourcesOf } from './sources'

const INSIDE = '/home/workspace'
let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'berth-user-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

const settings = { syncGitConfig: false, syncFiles: [] as string[], syncSshKeys: [] as string[], codingAgents: [] as string[] }
const nothing = { syncFiles: [], syncSshKeys: [] }

async function put(path: string, mode = 0o644, text = path): Promise<void> {
  await mkdir(join(home, path, '..'), { recursive: true })
  await writeFile(join(home, path), text)
  await chmod(join(home, path), mode)
}

async function planned(chosen: Partial<typeof settings>, own: Partial<typeof nothing> = {}) {
  const { entries, problems, ...rest } = await readPlan(sourcesOf({ ...settings, ...chosen }, { ...nothing, ...own }, home), [])
  const shown = entries.map((entry) => {
    const path = entry.path.slice(INSIDE.length + 1)
    return entry.kind === 'link' ? `${path} -> ${entry.target}` : `${path} ${entry.mode.toString(8)}`
  })
  return { shown, entries, problems, ...rest }
}

test('nothing is planned, and nothing missed, where there is nothing', async () => {
  expect(await planned({ syncGitConfig: true, codingAgents: ['claude', 'codex', 'gemini', 'opencode', 'unknown'] })).toMatchObject({
    shown: [],
    problems: [],
  })
})

test('what belongs to ssh gets the modes that ssh asks for, secrets are for their owner, and the rest keeps its own', async () => {
  await put('.ssh/id', 0o644)
  await put('.ssh/id.pub', 0o600)
  await put('.ssh/config', 0o644)
  await put('bin/tool', 0o755)
  await put('.claude/.credentials.json', 0o644)
  await put('keys/work', 0o666)
  const { shown, problems } = await planned({ syncFiles: ['~/.ssh', '~/bin'], syncSshKeys: ['~/keys/work'], codingAgents: ['claude'] })
  expect(problems).toEqual([])
  expect(shown).toEqual([
    ...['.claude/.credentials.json 600', '.ssh 700', '.ssh/config 600', '.ssh/id 600', '.ssh/id.pub 644', '.ssh/work 600'],
    ...['bin 755', 'bin/tool 755'],
  ])
})

test('a link stays one while it leads to something in its folder; a file goes in its place otherwise', async () => {
  await put('dot/a/file')
  await put('elsewhere/vimrc', 0o640)
  await symlink('file', join(home, 'dot/a/near'))
  await symlink(join(home, 'dot/a'), join(home, 'dot/absolute'))
  await symlink('../elsewhere/vimrc', join(home, 'dot/vimrc'))
  await symlink('../elsewhere', join(home, 'dot/folder'))
  await symlink('../missing', join(home, 'dot/dangling'))
  const { shown, problems } = await planned({ syncFiles: ['~/dot'] })
  expect(shown).toEqual(['dot 755', 'dot/a 755', 'dot/a/file 644', 'dot/a/near -> file', 'dot/absolute -> a', 'dot/vimrc 640'])
  expect(problems).toEqual([
    `${join(home, 'dot/dangling')} cannot be read: ENOENT.`,
    `${join(home, 'dot/folder')} is a link to a folder outside ${join(home, 'dot')} and was left out.`,
  ])
})

test('places inside: the same below home, or another; the workspace’s own counts over that of all', async () => {
  await put('a')
  await put('b', 0o600)
  const { shown, problems } = await planned({ syncFiles: ['~/a', '~/a:~/x', '/etc/hostname'] }, {
    syncFiles: ['~/b:~/x', '~/none'],
  } as never)
  expect(shown).toEqual(['a 644', 'x 600'])
  expect(problems).toEqual([
    '/etc/hostname is not in your home folder. Say where to put it: /etc/hostname:~/PLACE.',
    `${join(home, 'none')} does not exist.`,
  ])
})

test('the digest changes with a file, and not without', async () => {
  await put('a')
  const before = await planned({ syncFiles: ['~/a'] })
  expect((await planned({ syncFiles: ['~/a'] })).digest).toBe(before.digest)
  await utimes(join(home, 'a'), 1, 1)
  const after = await planned({ syncFiles: ['~/a'] })
  expect(after.digest).not.toBe(before.digest)
  expect(after.entries[0]?.kind === 'file' && after.entries[0].modifiedAt.getTime()).toBe(1000)
})

test('folders are watched whole, single files by their name', async () => {
  await put('folder/below/file')
  await put('.gitconfig')
  const { watched } = await planned({ syncGitConfig: true, syncFiles: ['~/folder'] })
  expect(watched.get(home)).toEqual(new Set(['.gitconfig', 'folder']))
  expect(watched.get(join(home, 'folder/below'))).toBeNull()
})
