import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { movesOf, orders, PLACE, withFolders } from './placement'
import type { PlannedEntry } from './planned-entry'

const HOME = '/home/workspace'
const file = (name: string): PlannedEntry => ({
  ...{ kind: 'file', path: `${HOME}/${name}`, mode: 0o644, size: 1, modifiedAt: new Date(0), stamp: '' },
  source: { content: Buffer.from('x') },
})

let home: string
beforeEach(async () => {
  home = await realpath(await mkdtemp(join(tmpdir(), 'berth-home-')))
  await mkdir(join(home, 'staging'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

/** Carries out the orders in a home folder of this machine. Returns what they could not do. */
function place(work: string): string[] {
  const said = execFileSync('bash', ['--norc', '-c', PLACE, 'bash', home, 'staging'], { input: work, encoding: 'utf8' })
  return said.split('\0').filter((path) => path !== '')
}

test('of folders that are not there the topmost is moved, else each file', () => {
  const entries = withFolders([file('.config/a/b/one'), file('.config/a/two'), file('three')], new Map())
  expect(entries.map(({ path }) => path.slice(HOME.length))).toEqual([
    ...['/.config', '/.config/a', '/.config/a/b', '/.config/a/b/one', '/.config/a/two', '/three'],
  ])
  const moves = movesOf(entries, new Map([[`${HOME}/.config`, { kind: 'folder' }]]))
  expect(moves).toEqual(
    new Map([
      [`${HOME}/.config`, new Set(['a'])],
      [HOME, new Set(['three'])],
    ]),
  )
})

test('files come to their places whole, in place of files and links', async () => {
  await mkdir(join(home, 'staging', 'd & x'))
  await mkdir(join(home, 'd & x'))
  await writeFile(join(home, 'staging', 'd & x', "a\n'&"), 'new')
  await writeFile(join(home, 'staging', '-f'), 'new')
  await writeFile(join(home, 'outside'), 'kept')
  await symlink(join(home, 'outside'), join(home, '-f'))
  const moves = [
    [`${HOME}/d & x`, ["a\n'&"]],
    [HOME, ['-f']],
  ] as const
  expect(place(orders('place', moves))).toEqual([])
  expect(await readFile(join(home, 'd & x', "a\n'&"), 'utf8')).toBe('new')
  expect(await readFile(join(home, '-f'), 'utf8')).toBe('new')
  expect(await readFile(join(home, 'outside'), 'utf8')).toBe('kept')
  expect((await readdir(home)).sort()).toEqual(['-f', 'd & x', 'outside'])
})

test('a link that leads out of the home folder is not followed, one that stays in it is', async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'berth-elsewhere-'))
  try {
    await writeFile(join(elsewhere, 'old'), 'kept')
    await symlink(elsewhere, join(home, '.config'))
    await mkdir(join(home, 'real'))
    await symlink('real', join(home, '.local'))
    await mkdir(join(home, 'staging', '.config'))
    await mkdir(join(home, 'staging', '.local'))
    await writeFile(join(home, 'staging', '.config', 'new'), '')
    await writeFile(join(home, 'staging', '.local', 'new'), '')
    const work = [
      orders('remove', [[`${HOME}/.config`, ['old']]]),
      orders('place', [
        [`${HOME}/.config`, ['new']],
        [`${HOME}/.local`, ['new']],
      ]),
    ]
    expect(place(work.join(''))).toEqual(['.config/old', '.config/new'])
    expect(await readdir(elsewhere)).toEqual(['old'])
    expect(await readdir(join(home, 'real'))).toEqual(['new'])
    expect(await readlink(join(home, '.local'))).toBe('real')
  } finally {
    await rm(elsewhere, { recursive: true, force: true })
  }
})

test('a folder stays in the place of a file, and folders are removed only when they are empty', async () => {
  await mkdir(join(home, 'taken'))
  await mkdir(join(home, 'empty'))
  await writeFile(join(home, 'staging', 'taken'), '')
  const work = orders('place', [[HOME, ['taken']]]) + orders('remove-folder', [[HOME, ['empty']]])
  expect(place(work)).toEqual(['taken'])
  expect(await readdir(home)).toEqual(['taken'])
})
