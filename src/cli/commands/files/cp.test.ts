import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { useFakeBerth } from '../../testing/use-fake-berth'
import { copyProgressText } from './copy-progress'

const fake = useFakeBerth(['demo', 'other'])
const { run } = fake
const time = new Date('2021-02-03T04:05:06Z')

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-cp-'))
})
afterEach(() => rm(folder, { recursive: true }))

const stored = (path: string) => fake.berth.files.get(path)
const store = (path: string, file: Partial<NonNullable<ReturnType<typeof stored>>>) =>
  fake.berth.files.set(path, { kind: 'file', content: '', mode: 0o644, modifiedAt: time.toISOString(), ...file })

test('a file goes into a workspace with its mode and time, and out again', async () => {
  const path = join(folder, 'run.sh')
  await writeFile(path, 'echo hi\n', { mode: 0o750 })
  await utimes(path, time, time)
  expect(await run(['cp', path, 'demo:'])).toMatchObject({ code: 0, stdout: '', stderr: `Copied 1 file (8 B) to demo:\n` })
  const inside = stored('demo:/home/workspace/run.sh')
  expect(inside).toMatchObject({ content: 'echo hi\n', mode: 0o750, modifiedAt: time.toISOString() })
  expect((await run(['cp', 'demo:run.sh', join(folder, 'back'), '--json'])).json()).toMatchObject({ files: 1, bytes: 8, skipped: [] })
  expect(await readFile(join(folder, 'back'), 'utf8')).toBe('echo hi\n')
  const { mode, mtime } = await stat(join(folder, 'back'))
  expect([mode & 0o777, mtime]).toEqual([0o750, time])
})

test('a folder becomes the target, goes into it if it exists, or only what is in it', async () => {
  await mkdir(join(folder, 'src', 'deep'), { recursive: true })
  await writeFile(join(folder, 'src', 'deep', 'a'), 'a')
  await symlink('deep/a', join(folder, 'src', 'to-a'))
  await run(['cp', join(folder, 'src'), 'demo:new'])
  expect(stored('demo:/home/workspace/new/deep/a')?.content).toBe('a')
  expect(stored('demo:/home/workspace/new/to-a')).toMatchObject({ kind: 'link', target: 'deep/a' })
  await run(['cp', join(folder, 'src'), 'demo:new'])
  expect(stored('demo:/home/workspace/new/src/deep/a')?.content).toBe('a')
  await run(['cp', `${join(folder, 'src')}/.`, 'demo:/home/workspace'])
  expect(stored('demo:/home/workspace/deep/a')?.content).toBe('a')
})

test('a folder comes out with its links, but for those that lead out of it', async () => {
  store('demo:/home/workspace/d', { kind: 'folder', mode: 0o755 })
  store('demo:/home/workspace/d/a', { content: 'a' })
  store('demo:/home/workspace/d/in', { kind: 'link', target: 'a' })
  store('demo:/home/workspace/d/out', { kind: 'link', target: '/etc/passwd' })
  store('demo:/home/workspace/d/pipe', { kind: 'other' })
  const { code, stderr } = await run(['cp', 'demo:d', join(folder, 'd')])
  expect(code).toBe(0)
  expect(stderr).toContain('Left out: d/out (a link out of the folder, to /etc/passwd)\nLeft out: d/pipe (not a file)\n')
  expect((await readdir(join(folder, 'd'))).sort()).toEqual(['a', 'in'])
  expect(await readlink(join(folder, 'd', 'in'))).toBe('a')
})

test('nothing is written through a link that is there', async () => {
  const outside = join(folder, 'outside')
  await mkdir(outside)
  await mkdir(join(folder, 'd'))
  await symlink(outside, join(folder, 'd', 'sub'))
  store('demo:/home/workspace/d', { kind: 'folder' })
  store('demo:/home/workspace/d/sub', { kind: 'folder' })
  store('demo:/home/workspace/d/sub/a', { content: 'a' })
  const result = await run(['cp', 'demo:d', folder, '--json'])
  expect(result).toMatchObject({ code: 1 })
  expect(result.error()).toMatchObject({ code: 'FILE_UNUSABLE' })
  expect(await readdir(outside)).toEqual([])
})

test('what would lead out of the folder is refused, and leaves nothing', async () => {
  store('demo:/home/workspace/d', { kind: 'folder' })
  // As no engine sends it.
  store('demo:/home/workspace/d/../../../evil', { content: 'x' })
  const result = await run(['cp', 'demo:d', join(folder, 'd'), '--json'])
  expect(result.error()).toMatchObject({ code: 'ARCHIVE_INVALID' })
  expect(await readdir(folder)).toEqual([])
})

test('one workspace copies to another', async () => {
  store('demo:/home/workspace/a', { content: 'hello', mode: 0o700 })
  expect(await run(['cp', 'demo:a', 'other:b'])).toMatchObject({ code: 0 })
  expect(stored('other:/home/workspace/b')).toMatchObject({ content: 'hello', mode: 0o700 })
})

test('“-” is the content of a file', async () => {
  store('demo:/home/workspace/a', { content: 'hello' })
  expect(await run(['cp', 'demo:a', '-', '--quiet'])).toMatchObject({ code: 0, stdout: 'hello', stderr: '' })
})

test.each<[string[], number, string]>([
  [['a', 'b'], 2, 'USAGE'],
  [['demo:a', '-'], 2, 'USAGE'],
  [['demo:missing', 'x'], 1, 'FILE_NOT_FOUND'],
  [['nobody:a', 'x'], 1, 'WORKSPACE_NOT_FOUND'],
  [['/no/such/file', 'demo:'], 1, 'FILE_UNUSABLE'],
])('cp %j fails with what is wrong', async (paths, code, error) => {
  const result = await run(['cp', ...paths, '--json'])
  expect(result).toMatchObject({ code, stdout: '' })
  expect(result.error()).toMatchObject({ code: error })
})

test('progress says how much there is and how fast it goes', () => {
  expect(copyProgressText('a', { files: 1, bytes: 5 * 1024 ** 2, totalBytes: 10 * 1024 ** 2 }, 1000)).toBe(
    'a: 50 % · 5 MiB of 10 MiB · 5 MiB/s',
  )
  expect(copyProgressText('d', { files: 3, bytes: 2048, totalBytes: null }, 1000)).toBe('d: 3 files · 2 KiB · 2 KiB/s')
})
