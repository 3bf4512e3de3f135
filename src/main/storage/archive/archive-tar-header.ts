import type { ErrorData } from '../../../shared/error-definitions'

export const BLOCK_BYTES = 512

/** Why a tar is refused; `message` is a whole sentence. */
export class TarRefused extends Error {
  readonly reason: ErrorData<'ARCHIVE_INVALID'>['reason']

  constructor(reason: ErrorData<'ARCHIVE_INVALID'>['reason'], message: string) {
    super(message)
    this.reason = reason
  }
}

/** Of one entry. Paths are bytes, one character each (latin1): file names need not be of any encoding. */
export interface TarHeader {
  type: 'file' | 'hardlink' | 'symlink' | 'character' | 'block' | 'folder' | 'fifo' | 'records'
  path: string
  link: string
  size: number
  major: number
  minor: number
}

const TYPES: Record<string, TarHeader['type']> = {
  '0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'folder',
  '6': 'fifo',
  x: 'records',
}

const MAGIC = 'ustar\x0000'
const CHECKSUM = { from: 148, to: 156 }

/** Records of an extended header that the tools know which Berth writes archives with. */
const KNOWN_RECORDS = new Set([
  ...['path', 'linkpath', 'size', 'mtime', 'atime', 'ctime', 'uid', 'gid', 'uname', 'gname'],
  ...['GNU.sparse.major', 'GNU.sparse.minor', 'GNU.sparse.name', 'GNU.sparse.realsize'],
  ...['SCHILY.acl.access', 'SCHILY.acl.default'],
])
const ATTRIBUTE = 'SCHILY.xattr.'
const KNOWN_ATTRIBUTES = ['user.', 'trusted.', 'security.capability', 'system.posix_acl_']

export function isZeroBlock(block: Buffer): boolean {
  return block.every((byte) => byte === 0)
}

/** Of the POSIX format only. Throws TarRefused for anything else. */
export function parseTarHeader(block: Buffer): TarHeader {
  if (block.toString('latin1', 257, 265) !== MAGIC) throw new TarRefused('tampered', 'A part of it has an invalid form.')
  if (octal(block, CHECKSUM.from, CHECKSUM.to) !== checksumOf(block)) throw new TarRefused('tampered', 'A header in it is damaged.')
  const type = TYPES[String.fromCharCode(block[156] ?? 0)]
  if (type === undefined) throw new TarRefused('tampered', 'It contains an entry of an unknown type.')
  const prefix = text(block, 345, 500)
  const name = text(block, 0, 100)
  return {
    type,
    path: prefix === '' ? name : `${prefix}/${name}`,
    link: text(block, 157, 257),
    size: octal(block, 124, 136),
    major: octal(block, 329, 337),
    minor: octal(block, 337, 345),
  }
}

/** The records of an extended header: “LENGTH KEY=VALUE” and a line feed, each. Throws TarRefused for one that is not known. */
export function parseTarRecords(content: Buffer): Map<string, string> {
  const records = new Map<string, string>()
  let at = 0
  while (at < content.length) {
    const space = content.indexOf(0x20, at)
    const digits = space < 0 || space - at > 8 ? '' : content.toString('latin1', at, space)
    const end = at + Number(digits)
    const equals = content.indexOf(0x3d, space)
    if (!/^[1-9]\d*$/.test(digits) || end > content.length || equals < 0 || equals >= end || content[end - 1] !== 0x0a) {
      throw new TarRefused('tampered', 'An extended header in it is damaged.')
    }
    const key = content.toString('latin1', space + 1, equals)
    checkKey(key)
    if (records.has(key)) throw new TarRefused('tampered', 'An extended header in it has a field twice.')
    records.set(key, key.startsWith(ATTRIBUTE) ? '' : content.toString('latin1', equals + 1, end - 1))
    at = end
  }
  const isSparse = [...records.keys()].some((key) => key.startsWith('GNU.sparse.'))
  if (isSparse && !(records.get('GNU.sparse.major') === '1' && records.get('GNU.sparse.minor') === '0' && records.has('GNU.sparse.name'))) {
    throw new TarRefused('tampered', 'It contains a sparse file in an unknown format.')
  }
  return records
}

function checkKey(key: string): void {
  if (key.startsWith(ATTRIBUTE)) {
    const name = key.slice(ATTRIBUTE.length)
    if (KNOWN_ATTRIBUTES.some((known) => name.startsWith(known))) return
    throw new TarRefused('attribute', `A file in it has the attribute “${name.slice(0, 100)}”.`)
  }
  if (!KNOWN_RECORDS.has(key)) throw new TarRefused('tampered', `An extended header in it has “${key.slice(0, 100)}”.`)
}

/** The checksum counts its own field as blanks. */
function checksumOf(block: Buffer): number {
  let sum = 0
  for (let at = 0; at < BLOCK_BYTES; at++) sum += at >= CHECKSUM.from && at < CHECKSUM.to ? 0x20 : (block[at] ?? 0)
  return sum
}

function text(block: Buffer, from: number, to: number): string {
  const field = block.subarray(from, to)
  const end = field.indexOf(0)
  return field.toString('latin1', 0, end < 0 ? field.length : end)
}

function octal(block: Buffer, from: number, to: number): number {
  const digits = text(block, from, to).trim()
  if (!/^[0-7]*$/.test(digits)) throw new TarRefused('tampered', 'A number in a header is invalid.')
  return digits === '' ? 0 : Number.parseInt(digits, 8)
}
