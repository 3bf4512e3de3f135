import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, open, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import tar from 'tar-stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NO_LIMITS } from '../../../shared/limits'
import { archivedConfiguration, initialConfiguration } from '../../../shared/workspace-configuration/configuration'
import { finishedHeader, readHeader } from './archive-header'
import type { ArchiveHead, ArchiveManifest } from './archive-manifest'
import { openArchive } from './archive-read'
import { checkTarget, partialFile, publishArchive, removePartial, writeArchive } from './archive-write'

const head: ArchiveHead = {
  id: 'one',
  berthVersion: '0.0.0-test',
  createdAt: '2026-01-31T00:00:00.000Z',
  architecture: 'x86_64',
  workspace: {
    ...archivedConfiguration(initialConfiguration).archived,
    leftOut: [],
    name: 'demo',
    label: 'Démo',
    repoState: 'none',
    env: { MODE: 'test' },
    limits: { ...NO_LIMITS, memoryBytes: 1e9 },
    createdAt: '2026-01-31T00:00:00.000Z',
  },
  imageId: `sha256:${'a'.repeat(64)}`,
}

const signal = new AbortController().signal
const onProgress = () => undefined

type Header = Parameters<ReturnType<typeof tar.pack>['entry']>[0]

async function packed(entries: [Header, (Buffer | string)?][]): Promise<Buffer> {
  const pack = tar.pack()
  for (const [header, content] of entries) pack.entry(header, content ?? '')
  pack.finalize()
  return Buffer.concat(await Readable.from(pack).toArray())
}

describe('an archive', () => {
  let folder: string
  let file: string
  let content: { image: Buffer; home: Buffer; docker: Buffer }
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'berth-archive-'))
    file = join(folder, 'demo.berth')
    content = {
      image: await packed([[{ name: 'manifest.json' }, '[]']]),
      home: await packed([
        [{ name: '.', type: 'directory' }],
        [{ name: './noise' }, randomBytes(300_000)],
        [{ name: './zeros' }, Buffer.alloc(2_000_000)],
      ]),
      docker: await packed([[{ name: '.', type: 'directory' }]]),
    }
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const write = (parts: Partial<typeof content> = {}, id = 'one') =>
    writeArchive(file, {
      head: { ...head, id },
      parts: (['image', 'home', 'docker'] as const).map((name) => ({
        name,
        open: (read) => read(Readable.from(chunksOf(parts[name] ?? content[name]))),
      })),
      signal,
      onProgress,
    })

  const whole = async () => {
    await write()
    await publishArchive(file, false)
  }

  async function readAll(): Promise<void> {
    const archive = await openArchive(file)
    try {
      for (const name of ['image', 'home', 'docker'] as const) await archive.readPart(name, { target: null, signal, onProgress })
    } finally {
      await archive.close()
    }
  }

  /** Changes what the file says of itself, as one would who can compute a checksum. */
  async function resealed(change: (manifest: ArchiveManifest) => unknown): Promise<void> {
    const handle = await open(file, 'r+')
    const { manifest, offsets } = await readHeader(handle, file)
    await handle.write(finishedHeader(change(manifest) as ArchiveManifest, offsets.image), 0, offsets.image, 0)
    await handle.close()
  }

  it('gives back what was put in, and is for the eyes of its owner only', async () => {
    await whole()
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(existsSync(partialFile(file))).toBe(false)
    const archive = await openArchive(file)
    expect(archive.manifest).toMatchObject({ ...head, version: 2 })
    const summary = await archive.readPart('image', { target: null, capture: ['manifest.json'], signal, onProgress })
    expect(summary.captured.get('manifest.json')?.toString()).toBe('[]')
    await readAll()
    await archive.close()
  })

  it('is unpacked by any zstd, to the tars one behind the other', async () => {
    await whole()
    const bytes = await readFile(file)
    const { offsets, manifest } = await openAndClose(file)
    const home = bytes.subarray(offsets.home, offsets.home + (manifest.parts[1]?.storedBytes ?? 0))
    expect(zstdDecompressSync(home).equals(content.home)).toBe(true)
    expect(bytes.readUInt32LE(0) & 0xfffffff0, 'a skippable frame').toBe(0x184d2a50)
    expect(bytes.readUInt32LE(4) + 8).toBe(offsets.image)
  })

  it('that is cut off anywhere is refused', async () => {
    await whole()
    const { size } = await stat(file)
    const bytes = await readFile(file)
    for (const length of [0, 1, 7, 8, 100, 4095, 4096, 4097, Math.floor(size / 2), size - 1]) {
      await writeFile(file, bytes)
      await truncate(file, length)
      await expect(readAll(), `of ${length} bytes`).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' })
    }
    await writeFile(file, Buffer.concat([bytes, Buffer.alloc(1)]))
    await expect(readAll()).rejects.toMatchObject({ data: { reason: 'tampered' } })
  })

  it('with any byte changed is refused', async () => {
    await whole()
    const bytes = await readFile(file)
    const places = [...Array(300).keys(), ...Array.from({ length: 300 }, () => Math.floor(Math.random() * bytes.length))]
    for (const place of places) {
      const changed = Buffer.from(bytes)
      changed[place] = (changed[place] ?? 0) ^ (1 << (place % 8))
      await writeFile(file, changed)
      await expect(readAll(), `byte ${place}`).rejects.toMatchObject({ code: 'ARCHIVE_INVALID' })
    }
  }, 60_000)

  it('that was not written to its end is refused', async () => {
    const failure = new Error('the source broke')
    const open = () => Promise.reject(failure)
    await expect(writeArchive(file, { head, parts: [{ name: 'image', open }], signal, onProgress })).rejects.toBe(failure)
    await writeFile(file, await readFile(partialFile(file)))
    await expect(openArchive(file)).rejects.toMatchObject({ data: { reason: 'truncated' } })
  })

  it('of another version or of another kind is refused', async () => {
    await whole()
    await resealed((manifest) => ({ ...manifest, version: 3 }))
    await expect(openArchive(file)).rejects.toMatchObject({ data: { reason: 'version' } })
    await writeFile(file, zstdCompressSync('something else'))
    await expect(openArchive(file)).rejects.toMatchObject({ data: { reason: 'format' } })
    await expect(openArchive(join(folder, 'none'))).rejects.toMatchObject({ code: 'FILE_UNUSABLE' })
    await expect(openArchive(folder)).rejects.toMatchObject({ code: 'FILE_UNUSABLE' })
  })

  it('of version 1, which had no limits, is read', async () => {
    await whole()
    await resealed((manifest) => {
      const { limits: _, ...workspace } = manifest.workspace
      return { ...manifest, version: 1, workspace }
    })
    const archive = await openArchive(file)
    expect(archive.manifest.workspace.limits).toEqual(NO_LIMITS)
    await archive.close()
  })

  it('with other parts than it has to have, or other values, is refused', async () => {
    await whole()
    await resealed((manifest) => ({ ...manifest, parts: manifest.parts.toReversed() }))
    await expect(openArchive(file)).rejects.toMatchObject({ data: { reason: 'tampered' } })
    await resealedAgain({ workspace: { ...head.workspace, env: { 'A=B': '' } } })
    await resealedAgain({ extra: 1 })

    async function resealedAgain(fields: object): Promise<void> {
      await rm(file)
      await whole()
      await resealed((manifest) => ({ ...manifest, ...fields }))
      await expect(openArchive(file)).rejects.toMatchObject({ data: { reason: 'tampered' } })
    }
  })

  it.each([
    { what: 'more bytes', part: { bytes: 10_240 } },
    { what: 'more files', part: { entries: 1 } },
  ])('that has $what in it than it says is refused before they are unpacked', async ({ part }) => {
    await whole()
    await resealed((manifest) => ({
      ...manifest,
      parts: manifest.parts.map((found) => (found.name === 'home' ? { ...found, ...part } : found)),
    }))
    await expect(readAll()).rejects.toMatchObject({ data: { reason: 'size' } })
  })

  it('that has less in it than it says is refused', async () => {
    await whole()
    const more = (bytes: number) => bytes + 512
    await resealed((manifest) => ({ ...manifest, parts: manifest.parts.map((found) => ({ ...found, bytes: more(found.bytes) })) }))
    await expect(readAll()).rejects.toMatchObject({ data: { reason: 'tampered' } })
  })

  it('that says it is a hundred gigabytes of nothing is refused at once', async () => {
    await whole()
    await resealed((manifest) => ({ ...manifest, parts: manifest.parts.map((found) => ({ ...found, bytes: 100 * 1024 ** 3 })) }))
    await expect(openArchive(file)).rejects.toMatchObject({ data: { reason: 'size' } })
  })

  it('is not written with something in it that it would be refused for', async () => {
    const home = await packed([[{ name: 'disk', type: 'block-device', devmajor: 8, devminor: 0 }]])
    await expect(write({ home })).rejects.toMatchObject({ code: 'ARCHIVE_INVALID', data: { reason: 'device' } })
  })

  it('does not take the place of a file that is there', async () => {
    await writeFile(file, 'precious')
    await expect(checkTarget(file, false)).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    await checkTarget(file, true)
    await write()
    await expect(publishArchive(file, false)).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    expect(await readFile(file, 'utf8')).toBe('precious')
    await publishArchive(file, true)
    await readAll()
    // Once more, as after a crash.
    await publishArchive(file, true)
    await readAll()
  })

  it('takes the place of regular files only, whatever was asked for', async () => {
    const pipe = join(folder, 'pipe')
    const device = join(folder, 'device')
    const elsewhere = join(folder, 'elsewhere')
    execFileSync('mkfifo', [pipe])
    // The null device under another name; only root can make one.
    const others = process.getuid?.() === 0 ? [device] : []
    for (const path of others) execFileSync('mknod', [path, 'c', '1', '3'])
    await writeFile(elsewhere, 'precious')
    const symbolic = join(folder, 'link')
    await symlink(elsewhere, symbolic)
    for (const path of [pipe, ...others, symbolic, folder]) {
      await expect(checkTarget(path, true), path).rejects.toMatchObject({
        code: 'FILE_UNUSABLE',
        data: { reason: 'it is not a regular file' },
      })
      // It came after the check.
      file = path
      if (path !== folder) await write()
      if (path !== folder) await expect(publishArchive(path, true), path).rejects.toMatchObject({ code: 'FILE_UNUSABLE' })
    }
    expect(await readFile(elsewhere, 'utf8')).toBe('precious')
  })

  it('is read from regular files only, and without waiting for a pipe', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    // More than there are threads for files.
    const opened = await Promise.allSettled(Array.from({ length: 8 }, () => openArchive(pipe)))
    for (const result of opened) expect(result).toMatchObject({ status: 'rejected', reason: { code: 'FILE_UNUSABLE' } })
    await expect(openArchive(folder)).rejects.toMatchObject({ code: 'FILE_UNUSABLE' })
  })

  it('that is unfinished is removed by whom it belongs to only', async () => {
    await write({}, 'mine')
    await removePartial(file, 'theirs')
    expect(existsSync(partialFile(file))).toBe(true)
    await removePartial(file, 'mine')
    expect(existsSync(partialFile(file))).toBe(false)

    const failed = () => Promise.reject(new Error('broken'))
    const writing = writeArchive(file, { head: { ...head, id: 'mine' }, parts: [{ name: 'image', open: failed }], signal, onProgress })
    await expect(writing).rejects.toThrow('broken')
    await expect(write({}, 'theirs')).rejects.toMatchObject({ code: 'FILE_EXISTS' })
    await removePartial(file, 'theirs')
    expect(existsSync(partialFile(file))).toBe(true)
    await removePartial(file, 'mine')
    expect(existsSync(partialFile(file))).toBe(false)
    await removePartial(file, 'mine')
  })

  it('says so when it cannot be written there', async () => {
    file = join(folder, 'none', 'demo.berth')
    await expect(write()).rejects.toMatchObject({ code: 'FILE_UNUSABLE' })
  })
})

async function openAndClose(file: string) {
  const archive = await openArchive(file)
  await archive.close()
  return archive
}

function* chunksOf(buffer: Buffer): Generator<Buffer> {
  for (let at = 0; at < buffer.length; at += 65_000) yield buffer.subarray(at, at + 65_000)
}
