import { buffer } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { readTar, type TarEntry } from '../../shared/files/tar-reading'
import { type EntryHeader, writeTar } from '../../shared/files/tar-writing'
import { addArchive, nothingYet } from './incoming-archive'

type Given = EntryHeader | [EntryHeader, string]

function archive(...entries: Given[]): AsyncIterable<Uint8Array> {
  return writeTar(async (add) => {
    for (const entry of entries) {
      const [header, content] = Array.isArray(entry) ? entry : [entry, null]
      if (content === null) await add(header)
      else await add({ type: 'file', ...header, size: Buffer.byteLength(content) }, bytes(content))
    }
  }).tar
}

async function* bytes(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content)
}

/** What comes out on the other side, and what was said of it. */
async function passed(source: AsyncIterable<Uint8Array>) {
  const incoming = nothingYet()
  const written = writeTar((add) => addArchive(source, 'staging/', add, incoming))
  const headers: TarEntry['header'][] = []
  const contents: Record<string, string> = {}
  for await (const entry of readTar(written.tar, (reason) => new Error(reason))) {
    headers.push(entry.header)
    if (entry.header.type === 'file') contents[entry.header.name] = (await buffer(entry)).toString()
  }
  return { headers, contents, incoming }
}

test('files come through with mode and time, and belong to the user workspace', async () => {
  const mtime = new Date('2020-02-03T04:05:06Z')
  const { headers, contents, incoming } = await passed(
    archive(
      { name: './', type: 'directory' },
      { name: 'a/', type: 'directory', mode: 0o700, uid: 0 },
      [{ name: './a/run', mode: 0o4755, mtime, uid: 0, gid: 0 }, 'hello'],
      { name: 'a/link', type: 'symlink', linkname: '/etc/passwd' },
      { name: 'a/hard', type: 'link', linkname: 'a/run' },
    ),
  )
  expect(headers.map(({ name, type }) => [name, type])).toEqual([
    ['staging/a/', 'directory'],
    ['staging/a/run', 'file'],
    ['staging/a/link', 'symlink'],
    ['staging/a/hard', 'link'],
  ])
  expect(headers.every(({ uid, gid }) => uid === 1000 && gid === 1000)).toBe(true)
  expect(headers[1]).toMatchObject({ mode: 0o755, mtime })
  expect(headers[3]?.linkname).toBe('staging/a/run')
  expect(contents).toEqual({ 'staging/a/run': 'hello' })
  expect(incoming).toMatchObject({ fileCount: 4, bytes: 5, names: new Set(['a']) })
})

test('devices and pipes are left out and named', async () => {
  const { headers, incoming } = await passed(
    archive({ name: 'pipe', type: 'fifo' }, { name: 'disk', type: 'block-device' }, [{ name: 'file' }, 'x']),
  )
  expect(headers.map(({ name }) => name)).toEqual(['staging/file'])
  expect(incoming).toMatchObject({ skipped: ['pipe', 'disk'], skippedCount: 2 })
})

test.each<[string, Given[], string]>([
  ['an absolute path', [[{ name: '/etc/passwd' }, 'x']], 'path'],
  ['a path that leads out', [[{ name: 'a/../../b' }, 'x']], 'path'],
  ['a hard link that leads out', [{ name: 'a', type: 'link', linkname: '../../etc/shadow' }], 'path'],
  ['a file behind a link of its own', [{ name: 'a', type: 'symlink', linkname: '/etc' }, [{ name: 'a/passwd' }, 'x']], 'link'],
  ['a file deep behind a link', [{ name: 'a/b', type: 'symlink', linkname: '..' }, [{ name: 'a/b/c/d' }, 'x']], 'link'],
  [
    'a hard link to a link',
    [
      { name: 'a', type: 'symlink', linkname: '/etc/shadow' },
      { name: 'b', type: 'link', linkname: 'a' },
    ],
    'link',
  ],
])('%s is refused', async (_, entries, reason) => {
  await expect(passed(archive(...entries))).rejects.toMatchObject({ code: 'ARCHIVE_INVALID', data: { reason } })
})

test('an invalid or incomplete archive is refused', async () => {
  await expect(passed(bytes('x'.repeat(2000)))).rejects.toMatchObject({ code: 'ARCHIVE_INVALID', data: { reason: 'format' } })
  const whole = await buffer(archive([{ name: 'a' }, 'x'.repeat(5000)]))
  async function* cut(): AsyncGenerator<Uint8Array> {
    yield whole.subarray(0, 3000)
  }
  await expect(passed(cut())).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' })
})

test('what keeps the source from being read is thrown as it is', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(0)
    throw new Error('the client has gone')
  }
  await expect(passed(broken())).rejects.toThrow('the client has gone')
})
