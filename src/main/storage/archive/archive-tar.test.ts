import { Readable } from 'node:stream'
import tar from 'tar-stream'
import { describe, expect, it } from 'vitest'
import { imageIds } from './archive-image'
import type { ArchivePartName } from './archive-manifest'
import { TarCheck } from './archive-tar'
import { TarRefused } from './archive-tar-header'

type Header = Parameters<ReturnType<typeof tar.pack>['entry']>[0]
type Entry = [Header, string?]

async function packed(entries: Entry[]): Promise<Buffer> {
  const pack = tar.pack()
  for (const [header, content] of entries) pack.entry(header, content ?? '')
  pack.finalize()
  return Buffer.concat(await Readable.from(pack).toArray())
}

function check(bytes: Buffer, part: ArchivePartName = 'home', step = 777) {
  const found = new TarCheck({ part, limits: null, refuse: (reason, what) => new TarRefused(reason, what) })
  for (let at = 0; at < bytes.length; at += step) found.write(bytes.subarray(at, at + step))
  return found.end()
}

const folder = (name: string): Entry => [{ name, type: 'directory' }]
const link = (name: string, linkname: string): Entry => [{ name, type: 'symlink', linkname }]
const device = (name: string, devmajor: number, devminor: number): Entry => [{ name, type: 'character-device', devmajor, devminor }]

describe('a tar', () => {
  it('of what a home folder has in it passes, however it comes in pieces', async () => {
    const bytes = await packed([
      folder('.'),
      folder('./a/'),
      [{ name: './a/file' }, 'content'],
      [{ name: './a/hard', type: 'link', linkname: './a/file' }],
      link('./a/soft', '/etc/passwd'),
      link('./a/up', '../../..'),
      [{ name: './a/pipe', type: 'fifo' }],
      [{ name: `./${'long/'.repeat(50)}name`, pax: { 'SCHILY.xattr.user.note': 'a=b\nc', mtime: '981173106.789' } }, 'content'],
    ])
    for (const step of [1, 511, 512, 4096, bytes.length])
      expect(check(bytes, 'home', step)).toMatchObject({ bytes: bytes.length, entries: 8 })
  })

  it.each<[string, Entry[]]>([
    ['an absolute path', [[{ name: '/etc/passwd' }, 'x']]],
    ['a path upwards', [[{ name: '../x' }, 'x']]],
    ['a path upwards in the middle', [[{ name: './a/../../x' }, 'x']]],
    ['a path upwards in an extended header', [[{ name: `../${'long/'.repeat(60)}x` }, 'x']]],
    [
      'a path upwards as the name of a sparse file',
      [[{ name: 'x', pax: { 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.name': '../x' } }, 'x']],
    ],
    [
      'a doubled path',
      [
        [{ name: 'x' }, '1'],
        [{ name: './x' }, '2'],
      ],
    ],
    ['a file through a link to a folder', [folder('a'), link('b', 'a'), [{ name: 'b/x' }, 'x']]],
    ['a file through a link that leads outside', [link('out', '/etc'), [{ name: 'out/passwd' }, 'x']]],
    ['a file deep below a link', [link('out', '/etc'), [{ name: 'out/a/b/c/d' }, 'x']]],
    ['a folder in the place of a link', [link('out', '/etc'), folder('out'), [{ name: 'out/x' }, 'x']]],
    ['a link in the place of a folder that was used', [folder('a'), [{ name: 'a/x' }, 'x'], link('a', '/etc'), [{ name: 'a/y' }, 'y']]],
    ['a root that is a link', [link('.', '/etc'), [{ name: 'passwd' }, 'x']]],
  ])('with %s is refused', async (_, entries) => {
    const bytes = await packed(entries)
    expect(() => check(bytes)).toThrow(expect.objectContaining({ reason: 'path' }))
  })

  it.each<[string, Entry[]]>([
    ['outside', [[{ name: 'x', type: 'link', linkname: '/etc/shadow' }]]],
    ['upwards', [[{ name: 'x', type: 'link', linkname: '../shadow' }]]],
    ['to nothing', [[{ name: 'x', type: 'link', linkname: 'y' }]]],
    ['to what comes after it', [[{ name: 'x', type: 'link', linkname: 'y' }], [{ name: 'y' }, 'y']]],
    ['to a folder', [folder('y'), [{ name: 'x', type: 'link', linkname: 'y' }]]],
    ['through a link', [link('out', '/etc'), [{ name: 'x', type: 'link', linkname: 'out/shadow' }]]],
  ])('with a hard link %s is refused', async (_, entries) => {
    const bytes = await packed(entries)
    expect(() => check(bytes)).toThrow(TarRefused)
  })

  it('has no device in the home folder, and in the Docker volume those of an overlay only', async () => {
    const whiteout = await packed([device('overlay2/l/gone', 0, 0), device('overlay2/l/diff/dev/null', 1, 3)])
    expect(check(whiteout, 'docker').entries).toBe(2)
    expect(() => check(whiteout, 'home')).toThrow(expect.objectContaining({ reason: 'device' }))
    for (const part of ['home', 'docker', 'image'] as const) {
      const memory = await packed([device('mem', 1, 1)])
      expect(() => check(memory, part)).toThrow(expect.objectContaining({ reason: 'device' }))
      const disk = await packed([[{ name: 'disk', type: 'block-device', devmajor: 8, devminor: 0 }]])
      expect(() => check(disk, part)).toThrow(expect.objectContaining({ reason: 'device' }))
    }
  })

  it('with attributes or records that Berth does not write is refused', async () => {
    const attribute = await packed([[{ name: 'x', pax: { 'SCHILY.xattr.security.ima': 'x' } }, 'x']])
    expect(() => check(attribute)).toThrow(expect.objectContaining({ reason: 'attribute' }))
    for (const record of ['GNU.sparse.map', 'hdrcharset', 'LIBARCHIVE.symlinktype', 'GNU.volume.filename']) {
      const unknown = await packed([[{ name: 'x', pax: { [record]: 'x' } }, 'x']])
      expect(() => check(unknown), record).toThrow(TarRefused)
    }
  })

  it('with a header that is damaged, or with its end missing, is refused', async () => {
    const bytes = await packed([[{ name: 'x' }, 'content']])
    const changed = Buffer.from(bytes)
    changed[100] = 0x37
    expect(() => check(changed)).toThrow(expect.objectContaining({ reason: 'tampered' }))
    expect(() => check(bytes.subarray(0, 1024))).toThrow(expect.objectContaining({ reason: 'truncated' }))
    expect(() => check(Buffer.concat([bytes, bytes]))).toThrow(expect.objectContaining({ reason: 'tampered' }))
    expect(() => check(Buffer.alloc(0))).toThrow(expect.objectContaining({ reason: 'truncated' }))
  })
})

describe('the image of an archive', () => {
  const digest = 'a'.repeat(64)
  const files = (content: Record<string, unknown>) =>
    new Map(Object.entries(content).map(([name, value]) => [name, Buffer.from(JSON.stringify(value))]))
  const saved = [{ Config: `${digest}.json`, RepoTags: null, Layers: [] }]

  it('is known by its id, in each of the forms that engines save', () => {
    expect(imageIds(files({ 'manifest.json': saved }))).toEqual([`sha256:${digest}`])
    const blobs = [{ Config: `blobs/sha256/${digest}`, RepoTags: null }]
    const index = { manifests: [{ digest: `sha256:${'b'.repeat(64)}` }] }
    expect(imageIds(files({ 'manifest.json': blobs, 'index.json': index }))).toEqual([`sha256:${digest}`, `sha256:${'b'.repeat(64)}`])
  })

  it.each<[string, Record<string, unknown>]>([
    ['a tag', { 'manifest.json': [{ ...saved[0], RepoTags: ['debian:12'] }] }],
    [
      'a name in its index',
      { 'manifest.json': saved, 'index.json': { manifests: [{ digest: 'x', annotations: { 'io.containerd.image.name': 'debian:12' } }] } },
    ],
    ['a name of the older form', { 'manifest.json': saved, repositories: { debian: { 12: 'x' } } }],
    ['another beside it', { 'manifest.json': [saved[0], saved[0]] }],
    ['no manifest', {}],
  ])('with %s is refused', (_, content) => {
    expect(() => imageIds(files(content))).toThrow(expect.objectContaining({ reason: 'image' }))
  })
})
