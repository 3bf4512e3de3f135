import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { MOST_LISTED } from '../../shared/contract/files'
import { listCommand, parseListing } from './listing'

const run = promisify(execFile)

/** A record of `find`. */
const record = (name: string, fields: Partial<Record<'depth' | 'kind' | 'target' | 'size' | 'mode' | 'time', string>> = {}) =>
  [
    fields.depth ?? '1',
    name,
    fields.kind ?? 'f',
    fields.target ?? 'f',
    fields.size ?? '1',
    fields.mode ?? '644',
    fields.time ?? '0',
    'me',
    '',
  ]
    .map((field) => `${field}\0`)
    .join('')

test('a folder is listed as find says it, whatever its names hold', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'berth-listing-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'line\nbreak \u202e “ö”'), 'hello', { mode: 0o750 })
  await mkdir(join(folder, '-rf'))
  await symlink('-rf', join(folder, 'to-folder'))
  await symlink('nowhere', join(folder, 'to-nothing'))
  await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe])]), '')
  const [program = '', ...args] = listCommand(folder)
  const { stdout } = await run(program, args, { encoding: 'buffer' })
  const listing = parseListing(stdout, false)
  expect(listing).toMatchObject({ kind: 'folder', truncated: false, unnamed: 1 })
  const byName = Object.fromEntries(listing.entries.map((entry) => [entry.name, entry]))
  expect(Object.keys(byName).sort()).toEqual(['-rf', 'line\nbreak \u202e “ö”', 'to-folder', 'to-nothing'])
  expect(byName['line\nbreak \u202e “ö”']).toMatchObject({ kind: 'file', size: 5, mode: 0o750, link: null })
  expect(Math.abs(Date.parse(byName['-rf']?.modifiedAt ?? '') - Date.now())).toBeLessThan(60_000)
  expect(byName['to-folder']).toMatchObject({ kind: 'link', link: { target: '-rf', kind: 'folder' } })
  expect(byName['to-nothing']).toMatchObject({ kind: 'link', link: { target: 'nowhere', kind: null } })
})

test('what a program inside makes up is left out or made harmless', () => {
  const output = Buffer.from(`${record('', { depth: '0', kind: 'd' })}${record('a', { size: '-1', mode: '77777', time: '1e99' })}1\0cut`)
  const { entries, kind } = parseListing(output, false)
  expect(kind).toBe('folder')
  expect(entries).toEqual([
    { name: 'a', kind: 'file', link: null, size: 0, mode: 0o7777, modifiedAt: '1970-01-01T00:00:00.000Z', owner: 'me' },
  ])
  expect(parseListing(Buffer.from('nonsense'), false)).toMatchObject({ kind: null, entries: [] })
})

test('no more than the most are listed', () => {
  const output = Buffer.from(Array.from({ length: MOST_LISTED + 1 }, (_, index) => record(`f${index}`)).join(''))
  const listing = parseListing(output, false)
  expect(listing.entries).toHaveLength(MOST_LISTED)
  expect(listing.truncated).toBe(true)
})
