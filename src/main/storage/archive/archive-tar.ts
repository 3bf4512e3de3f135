import { createHash, randomBytes } from 'node:crypto'
import type { ErrorData } from '../../../shared/error-definitions'
import type { ArchivePartName } from './archive-manifest'
import { BLOCK_BYTES, isZeroBlock, parseTarHeader, parseTarRecords, type TarHeader, TarRefused } from './archive-tar-header'

/** The longest extended header: a file may have many attributes of 64 KiB. */
const MAX_RECORDS_BYTES = 4 * 1024 * 1024
/** Of files that are read on the way. */
const MAX_CAPTURED_BYTES = 4 * 1024 * 1024
const MAX_PATH_BYTES = 4096
/** What a file takes on a disk beside its content, about. */
const DISK_BLOCK_BYTES = 4096

export interface TarSummary {
  bytes: number
  entries: number
  /** What it takes when it is unpacked. */
  diskBytes: number
  /** Content of the files asked for, by path. */
  captured: Map<string, Buffer>
}

export interface TarCheckOptions {
  part: ArchivePartName
  /** What was announced: more than this is refused as soon as it comes. null while it is being written. */
  limits: { bytes: number; entries: number } | null
  /** Paths of small files whose content is wanted. */
  capture?: string[]
  /** Makes the error. `what` is a whole sentence. */
  refuse(reason: ErrorData<'ARCHIVE_INVALID'>['reason'], what: string): Error
}

type EntryType = Exclude<TarHeader['type'], 'records'>

/** Devices of images that Docker unpacks, which every container has anyway: null, zero, full, random, urandom, tty, console, ptmx, tun, fuse. */
const HARMLESS_DEVICES = new Set(['1:3', '1:5', '1:7', '1:8', '1:9', '5:0', '5:1', '5:2', '10:200', '10:229'])
/** How an overlay says that a file of the layer below is gone. */
const WHITEOUT = '0:0'

/**
 * Checks every entry of a tar stream. Strict: it refuses whatever Berth's own tools never write, so that no other program can interpret it
 * differently. Keeps a few bytes per entry and no contents.
 */
export class TarCheck {
  readonly #options: TarCheckOptions
  readonly #header = Buffer.alloc(BLOCK_BYTES)
  readonly #captured = new Map<string, Buffer>()
  readonly #folders = new PathSet()
  readonly #files = new PathSet()
  #headerBytes = 0
  #bytes = 0
  #entries = 0
  #diskBytes = 0
  /** Of the entry's content, and then up to the next block. */
  #content = 0
  #padding = 0
  #collected: { chunks: Buffer[]; done(content: Buffer): void } | null = null
  #records: Map<string, string> | null = null
  #zeroBlocks = 0
  #lastParent = ''

  constructor(options: TarCheckOptions) {
    this.#options = options
  }

  /** Throws at the first thing that must not be; until then everything of the chunk may be passed on. */
  write(chunk: Buffer): void {
    this.#bytes += chunk.length
    const { limits } = this.#options
    if (limits && this.#bytes > limits.bytes) throw this.#refuse('size', 'It contains more data than it declares.')
    try {
      this.#read(chunk)
    } catch (error) {
      throw error instanceof TarRefused ? this.#refuse(error.reason, error.message) : error
    }
  }

  /** Throws when it is not whole. */
  end(): TarSummary {
    if (this.#zeroBlocks < 2 || this.#headerBytes > 0) throw this.#refuse('truncated', 'Its end is missing.')
    const { limits } = this.#options
    if (limits && (limits.bytes !== this.#bytes || limits.entries !== this.#entries)) {
      throw this.#refuse('tampered', 'It contains less data than it declares.')
    }
    return { bytes: this.#bytes, entries: this.#entries, diskBytes: this.#diskBytes, captured: this.#captured }
  }

  #read(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#content > 0) {
        const part = chunk.subarray(at, at + this.#content)
        this.#collected?.chunks.push(Buffer.from(part))
        this.#content -= part.length
        at += part.length
        if (this.#content === 0) this.#contentEnded()
      } else if (this.#padding > 0) {
        const length = Math.min(this.#padding, chunk.length - at)
        this.#padding -= length
        at += length
      } else {
        const part = chunk.subarray(at, at + BLOCK_BYTES - this.#headerBytes)
        part.copy(this.#header, this.#headerBytes)
        this.#headerBytes += part.length
        at += part.length
        if (this.#headerBytes === BLOCK_BYTES) {
          this.#headerBytes = 0
          this.#readHeader()
        }
      }
    }
  }

  #contentEnded(): void {
    const collected = this.#collected
    this.#collected = null
    collected?.done(Buffer.concat(collected.chunks))
  }

  #readHeader(): void {
    if (isZeroBlock(this.#header)) {
      if (this.#records) throw new TarRefused('tampered', 'A header has no entry.')
      this.#zeroBlocks++
      return
    }
    if (this.#zeroBlocks > 0) throw new TarRefused('tampered', 'There is data after its end.')
    const header = parseTarHeader(this.#header)
    const { type } = header
    if (type === 'records') {
      if (this.#records) throw new TarRefused('tampered', 'An entry has two headers.')
      this.#expectContent(header.size, MAX_RECORDS_BYTES, (content) => {
        this.#records = parseTarRecords(content)
      })
      return
    }
    const records = this.#records ?? new Map<string, string>()
    this.#records = null
    this.#checkEntry({ ...header, type }, records)
  }

  #checkEntry(header: TarHeader & { type: EntryType }, records: Map<string, string>): void {
    this.#entries++
    const { limits, part, capture } = this.#options
    if (limits && this.#entries > limits.entries) throw new TarRefused('size', 'It contains more files than it declares.')
    const sizeRecord = records.get('size')
    const size = sizeRecord === undefined ? header.size : decimal(sizeRecord)
    // GNU tar's sparse files: the name in the header is one that is used by tools which do not know of them.
    this.#pathOf(header.path)
    const shadowed = records.get('path')
    if (shadowed !== undefined) this.#pathOf(shadowed)
    const path = this.#pathOf(records.get('GNU.sparse.name') ?? shadowed ?? header.path)
    const shown = () => Buffer.from(path, 'latin1').toString('utf8')
    if (header.type !== 'file' && (size !== 0 || records.has('GNU.sparse.name'))) {
      throw new TarRefused('tampered', `“${shown()}” has content but is not a file.`)
    }
    if (path === '' && header.type !== 'folder') throw new TarRefused('path', 'Its root is not a folder.')
    this.#checkPlace(path, shown)
    const link = records.get('linkpath') ?? header.link
    switch (header.type) {
      case 'file':
      case 'folder':
        break
      case 'symlink':
        // Where it leads is the workspace's affair: nothing is written through it.
        if (link === '' || link.includes('\0') || link.length > MAX_PATH_BYTES)
          throw new TarRefused('link', `“${shown()}” is a link without a target.`)
        break
      case 'hardlink':
        if (!this.#files.has(this.#pathOf(link)))
          throw new TarRefused('link', `“${shown()}” is a link to something that does not come before it in the archive.`)
        break
      case 'fifo':
        if (part === 'image') throw new TarRefused('image', `“${shown()}” is not a file.`)
        break
      case 'character': {
        const number = `${header.major}:${header.minor}`
        const allowed = part === 'docker' && (number === WHITEOUT || HARMLESS_DEVICES.has(number))
        if (!allowed) throw new TarRefused('device', `“${shown()}” (${PART_WORDS[part]}) is a device file.`)
        break
      }
      case 'block':
        throw new TarRefused('device', `“${shown()}” (${PART_WORDS[part]}) is a device file.`)
      default:
        header.type satisfies never
    }
    if (header.type === 'folder') this.#folders.add(path)
    else this.#files.add(path)
    this.#diskBytes += Math.ceil(size / DISK_BLOCK_BYTES) * DISK_BLOCK_BYTES + (header.type === 'folder' ? DISK_BLOCK_BYTES : BLOCK_BYTES)
    if (capture?.includes(path)) {
      if (header.type !== 'file') throw new TarRefused('image', `“${shown()}” is not a file.`)
      this.#expectContent(size, MAX_CAPTURED_BYTES, (content) => this.#captured.set(path, content))
      if (size === 0) this.#captured.set(path, Buffer.alloc(0))
    } else this.#expectContent(size, Number.MAX_SAFE_INTEGER, null)
  }

  /** Each place is taken once, and everything above it is a folder: so nothing is written through a link. */
  #checkPlace(path: string, shown: () => string): void {
    if (this.#files.has(path) || this.#folders.has(path)) throw new TarRefused('path', `“${shown()}” is in it twice.`)
    const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')))
    if (parent === this.#lastParent) return
    for (let above = parent; above !== ''; above = above.slice(0, Math.max(0, above.lastIndexOf('/')))) {
      if (this.#files.has(above)) throw new TarRefused('path', `“${shown()}” is below something that is not a folder.`)
    }
    this.#lastParent = parent
  }

  #expectContent(size: number, limit: number, done: ((content: Buffer) => void) | null): void {
    if (size > limit) throw new TarRefused('size', 'A header in it is too long.')
    this.#content = size
    this.#padding = (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES
    this.#collected = done && size > 0 ? { chunks: [], done } : null
  }

  /** Without “./” before it and “/” behind it; empty for the root. Throws for one that leads outside. */
  #pathOf(given: string): string {
    const path = given === '.' || given === './' ? '' : given.startsWith('./') ? given.slice(2) : given
    const bare = path.endsWith('/') ? path.slice(0, -1) : path
    if (bare === '' && path === '' && given !== '') return ''
    const odd = bare.length > MAX_PATH_BYTES || bare.includes('\0')
    if (odd || bare.split('/').some((segment) => segment === '' || segment === '.' || segment === '..')) {
      throw new TarRefused(
        'path',
        `“${Buffer.from(given.slice(0, 200), 'latin1').toString('utf8')}” leads outside, or is not a plain file name.`,
      )
    }
    return bare
  }

  #refuse(reason: ErrorData<'ARCHIVE_INVALID'>['reason'], what: string): Error {
    return this.#options.refuse(reason, what)
  }
}

const PART_WORDS: Record<ArchivePartName, string> = { image: 'in the image', home: 'in the home folder', docker: 'in the Docker volume' }

/** 64 bits of a hash for each path, with a salt so that nobody can make two paths fall together. */
class PathSet {
  readonly #hashes = new Set<bigint>()

  has(path: string): boolean {
    return this.#hashes.has(hashOf(path))
  }

  add(path: string): void {
    this.#hashes.add(hashOf(path))
  }
}

const salt = randomBytes(16)

function hashOf(path: string): bigint {
  return createHash('sha1').update(salt).update(path, 'latin1').digest().readBigUInt64LE()
}

function decimal(text: string): number {
  const value = Number(text)
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(value)) throw new TarRefused('tampered', 'A size in it is not a number.')
  return value
}
