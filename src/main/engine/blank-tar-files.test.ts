import { buffer } from 'node:stream/consumers'
import { type Header, pack } from 'tar-stream'
import { expect, test } from 'vitest'
import { blankTarFiles } from './blank-tar-files'

async function packed(entries: [Partial<Header> & { name: string }, string][]): Promise<Buffer> {
  const tar = pack()
  for (const [header, content] of entries) tar.entry(header, content)
  tar.finalize()
  return buffer(tar)
}

/** In pieces of that many bytes. */
async function blanked(tar: Buffer, piece: number): Promise<Buffer> {
  const blanking = blankTarFiles(['etc/berth/environment'])
  const result = buffer(blanking)
  for (let at = 0; at < tar.length; at += piece) blanking.write(tar.subarray(at, at + piece))
  blanking.end()
  return result
}

const LONG = `${'folder/'.repeat(40)}file`

test.each([1, 100, 512, 1000, 1_000_000])(
  'what is in the files is blanked, and every other byte stays (pieces of %i bytes)',
  async (piece) => {
    const tar = await packed([
      [{ name: 'etc/berth/', type: 'directory' }, ''],
      [{ name: 'etc/berth/environment', pax: { 'SCHILY.xattr.user.a': 'b' } }, 'TOKEN=planted'],
      [{ name: LONG }, 'etc/berth/environment'.repeat(100)],
      [{ name: 'etc/berth/environment.old' }, 'kept'],
      [{ name: 'etc/hosts' }, 'kept too'],
    ])
    const expected = Buffer.from(tar)
    expected.fill(0, tar.indexOf('TOKEN=planted'), tar.indexOf('TOKEN=planted') + 'TOKEN=planted'.length)
    expect((await blanked(tar, piece)).equals(expected)).toBe(true)
  },
)
