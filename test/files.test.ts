import { createHash, randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readTar, type TarEntry } from '../src/shared/files/tar-reading'
import { type AddEntry, writeTar } from '../src/shared/files/tar-writing'
import { createTestCore, done, inside, running, type TestCore, uniqueName } from './support/test-core'

const HOME = '/home/workspace'
const MEGABYTE = 1024 * 1024
/** Of a big file, a megabyte each. */
const BLOCKS = 150

async function* pieces(...contents: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const content of contents) yield Buffer.from(content)
}

const tarOf = (write: (add: AddEntry) => Promise<void>) => writeTar(write).tar

describe('files of a workspace', () => {
  let test: TestCore
  const name = uniqueName('files')
  const files = () => test.core.files
  const never = new AbortController().signal
  const shell = (line: string, user?: 'root') => inside(test.core, name, line, user)
  const upload = (path: string, content: string, options: { mode?: number; modifiedAt?: string; replace?: boolean } = {}) =>
    files().upload(name, { path, size: Buffer.byteLength(content), replace: false, ...options }, pieces(content), never)
  const leftovers = () => shell(`find / -xdev -name '.berth-upload-*' 2>/dev/null; find ${HOME} -name '.berth-upload-*'`, 'root')

  async function entriesOf(path: string) {
    const { chunks } = await files().download(name, path, { archive: true }, never)
    const headers: TarEntry['header'][] = []
    for await (const { header } of readTar(chunks, (reason) => new Error(reason))) headers.push(header)
    return headers
  }

  beforeAll(async () => {
    test = await createTestCore()
    await done(test.core, test.core.workspaces.create({ name }))
    await running(test.core, name)
  }, 120_000)
  afterAll(() => test.dispose(), 60_000)

  it('come and go with bytes, mode, time and owner', async () => {
    const path = `${HOME}/run “it” ö.sh`
    await upload(path, '#!/bin/sh\necho hi\n', { mode: 0o750, modifiedAt: '2021-02-03T04:05:06.000Z' })
    expect(await shell(`stat -c '%U:%G %a %Y' '${path}' && '${path}'`)).toBe('workspace:workspace 750 1612325106\nhi')
    expect(await files().stat(name, path)).toMatchObject({ kind: 'file', size: 18, mode: 0o750, modifiedAt: '2021-02-03T04:05:06.000Z' })
    const download = await files().download(name, path, { archive: false }, never)
    expect(download).toMatchObject({ name: 'run “it” ö.sh', kind: 'file', size: 18 })
    expect(await text(download.chunks)).toBe('#!/bin/sh\necho hi\n')
  })

  it('replace others only when that is asked for, and keep their mode and links', async () => {
    await shell('mkdir r && cd r && echo old > a && chmod 700 a && ln -s a link')
    await expect(upload(`${HOME}/r/a`, 'new')).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    await upload(`${HOME}/r/link`, 'new', { replace: true })
    expect(await shell('cd r && cat a && stat -c " %a" a && readlink link')).toBe('new 700\na')
    await expect(upload(`${HOME}/r`, 'x', { replace: true })).rejects.toMatchObject({ code: 'NOT_A_FILE' })
  })

  it('are listed, renamed and deleted, and folders made', async () => {
    const folder = `${HOME}/list`
    await files().makeFolder(name, folder)
    await upload(`${folder}/-n`, 'x')
    await shell('cd list && ln -s /etc etc && mkfifo pipe && printf x > "$(printf \'\\377\')"')
    const { entries, unnamed, truncated } = await files().list(name, folder)
    expect(entries.map(({ name: entry, kind, link }) => [entry, kind, link?.kind]).sort()).toEqual([
      ['-n', 'file', undefined],
      ['etc', 'link', 'folder'],
      ['pipe', 'other', undefined],
    ])
    expect({ unnamed, truncated }).toEqual({ unnamed: 1, truncated: false })
    await files().rename(name, `${folder}/-n`, `${folder}/b c`)
    await expect(files().rename(name, `${folder}/b c`, `${folder}/pipe`)).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    await expect(files().makeFolder(name, `${folder}/etc`)).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    await files().delete(name, `${folder}/etc`)
    expect(await shell('ls list/b* && test -e /etc/passwd && echo kept')).toBe('list/b c\nkept')
    await files().delete(name, folder)
    await expect(files().list(name, folder)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
  })

  it('say what cannot be', async () => {
    await expect(files().list(name, '/etc/passwd')).rejects.toMatchObject({ code: 'NOT_A_FOLDER' })
    await expect(files().list(name, '/root')).rejects.toMatchObject({ code: 'FILE_REFUSED', data: { reason: 'Permission denied' } })
    await expect(files().stat(name, '/no/such')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    await expect(files().preview(name, '/etc')).rejects.toMatchObject({ code: 'NOT_A_FILE' })
    await expect(upload(`${HOME}/no/such/file`, 'x')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' })
    await expect(upload('/etc/passwd/x', 'x')).rejects.toMatchObject({ code: 'NOT_A_FOLDER' })
    await expect(upload('/etc/by-berth', 'x')).rejects.toMatchObject({ code: 'FILE_REFUSED' })
    await expect(files().delete(name, HOME)).rejects.toMatchObject({ code: 'FILE_REFUSED' })
    await expect(files().delete(name, '/etc/hostname')).rejects.toMatchObject({ code: 'FILE_REFUSED' })
    await expect(files().upload(name, { path: `${HOME}/short`, size: 10, replace: false }, pieces('x'), never)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    })
    expect(await shell('ls /etc/by-berth short 2>/dev/null; true')).toBe('')
    expect(await leftovers()).toBe('')
  })

  it('are previewed as far as a person looks', async () => {
    const png = Buffer.from('\x89PNG\r\n\x1a\n and more', 'latin1')
    await files().upload(name, { path: `${HOME}/a.txt`, size: png.length, replace: true }, pieces(png), never)
    expect(await files().preview(name, `${HOME}/a.txt`)).toMatchObject({
      kind: 'image',
      mediaType: 'image/png',
      data: png.toString('base64'),
    })
    await shell('yes öäü | head -c 3000001 > long; printf "a\\0b" > binary; : > empty; head -c 50000000 /dev/zero > huge')
    expect(await files().preview(name, `${HOME}/long`)).toMatchObject({ kind: 'text', size: 3_000_001, truncated: true })
    expect(await files().preview(name, `${HOME}/binary`)).toEqual({ kind: 'none', size: 3, reason: 'binary' })
    expect(await files().preview(name, `${HOME}/empty`)).toEqual({ kind: 'none', size: 0, reason: 'empty' })
    expect(await files().preview(name, `${HOME}/huge`)).toMatchObject({ kind: 'none', reason: 'binary' })
    await shell('rm long huge')
  })

  it('come as folders of a thousand, with links, merged into what is there', async () => {
    await shell('mkdir -p many/d0 && echo kept > many/d0/kept && ln -s /etc many/d1')
    const source = tarOf(async (add) => {
      await add({ name: 'many/', type: 'directory', mode: 0o755 })
      for (let index = 0; index < 1000; index++) {
        if (index % 100 === 0) await add({ name: `many/d${index / 100}/`, type: 'directory', mode: 0o755 })
        await add({ name: `many/d${Math.floor(index / 100)}/f${index}`, type: 'file', mode: 0o640, size: 5 }, pieces('hello'))
      }
      await add({ name: 'many/link', type: 'symlink', linkname: 'd0/f0' })
      await add({ name: 'many/hard', type: 'link', linkname: 'many/d0/f0' })
      await add({ name: 'many/pipe', type: 'fifo' })
    })
    // A folder does not take the place of a link that is there.
    await expect(files().unpack(name, HOME, source, never)).rejects.toMatchObject({ code: 'FILE_REFUSED' })
    expect(await shell('ls /etc/f1* 2>/dev/null; true')).toBe('')
    await shell('rm many/d1')
    const again = tarOf(async (add) => {
      for (let index = 0; index < 1000; index++) {
        await add({ name: `many/d${Math.floor(index / 100)}/f${index}`, type: 'file', mode: 0o640, size: 5 }, pieces('hello'))
      }
      await add({ name: 'many/link', type: 'symlink', linkname: 'd0/f0' })
      await add({ name: 'many/hard', type: 'link', linkname: 'many/d0/f0' })
      await add({ name: 'many/pipe', type: 'fifo' })
    })
    expect(await files().unpack(name, HOME, again, never)).toMatchObject({ files: 1002, skipped: ['many/pipe'], skippedCount: 1 })
    expect(await shell('cd many && cat d0/kept && cat d*/f* | wc -c && stat -c "%U %a" d9/f999 && readlink link && stat -c %h hard')).toBe(
      'kept\n5000\nworkspace 640\nd0/f0\n2',
    )
    const names = (await entriesOf(`${HOME}/many`)).map((header) => `${header.name} ${header.type}`)
    expect(names).toHaveLength(1000 + 10 + 1 + 3)
    expect(names).toContain('many/link symlink')
    expect(await leftovers()).toBe('')
  })

  it('of any size go through without gathering in memory', async () => {
    const size = BLOCKS * MEGABYTE
    const block = randomBytes(MEGABYTE)
    const expected = createHash('sha256')
    for (let count = 0; count < BLOCKS; count++) expected.update(block)
    const digest = expected.digest('hex')
    const before = process.memoryUsage.rss()
    async function* big() {
      for (let count = 0; count < BLOCKS; count++) yield block
    }
    await files().upload(name, { path: `${HOME}/big`, size, replace: false }, big(), never)
    const hash = createHash('sha256')
    const { chunks } = await files().download(name, `${HOME}/big`, { archive: false }, never)
    for await (const chunk of chunks) hash.update(chunk)
    expect(hash.digest('hex')).toBe(digest)
    expect(process.memoryUsage.rss() - before).toBeLessThan(120 * MEGABYTE)
  })

  it('of unknown size are written, and need not be taken', async () => {
    await files().upload(name, { path: `${HOME}/stream`, size: null, mode: 0o600, replace: false }, pieces('one ', 'two'), never)
    expect(await shell('cat stream; stat -c " %a %U" stream')).toBe('one two 600 workspace')
    const { chunks } = await files().download(name, `${HOME}/big`, { archive: false }, never)
    for await (const _ of chunks) break
  })

  it.each([100 * MEGABYTE, null])('leave nothing when they are cancelled on the way (size %s)', async (size) => {
    const cancelled = new AbortController()
    async function* slow() {
      yield Buffer.alloc(MEGABYTE)
      await setTimeout(300)
      cancelled.abort()
      yield Buffer.alloc(MEGABYTE)
    }
    const uploading = files().upload(name, { path: `${HOME}/partial`, size, replace: false }, slow(), cancelled.signal)
    await expect(uploading).rejects.toMatchObject({ code: 'CANCELLED' })
    expect(await shell('ls partial 2>/dev/null; true')).toBe('')
    expect(await leftovers()).toBe('')
  })

  it('of a stopped workspace are read, and written to its home folder only', async () => {
    await done(test.core, test.core.workspaces.stop(name, { now: true }))
    await expect(files().list(name, HOME)).rejects.toMatchObject({ code: 'WORKSPACE_NOT_RUNNING' })
    await expect(files().delete(name, `${HOME}/stream`)).rejects.toMatchObject({ code: 'WORKSPACE_NOT_RUNNING' })
    await expect(upload('/etc/x', 'x')).rejects.toMatchObject({ code: 'WORKSPACE_NOT_RUNNING' })
    await upload(`${HOME}/while-stopped`, 'hello', { mode: 0o711 })
    expect(await files().stat(name, `${HOME}/while-stopped`)).toMatchObject({ size: 5, mode: 0o711 })
    const { chunks } = await files().download(name, `${HOME}/while-stopped`, { archive: false }, never)
    expect(await text(chunks)).toBe('hello')
    expect((await entriesOf(`${HOME}/while-stopped`))[0]).toMatchObject({ uid: 1000, gid: 1000 })
  })
})
