import { Transform, type TransformCallback } from 'node:stream'

const BLOCK = 512
const NAME = [0, 100] as const
const SIZE = [124, 136] as const
const TYPE = 156
const PREFIX = [345, 500] as const
/** A header of PAX is read for path and size of the entry behind it; a longer one is no such header. */
const LONGEST_PAX = 1024 * 1024

/**
 * A tar stream with zeros in place of the contents of these files (“etc/berth/environment”); everything else is unchanged. Headers stay as
 * they are, so names, attributes and times of other files do not change.
 */
export function blankTarFiles(paths: readonly string[]): Transform {
  const blanked = new Set(paths)
  let header = Buffer.alloc(0)
  /** Bytes of the present entry, with its padding, that are still to come. */
  let left = 0
  let isBlanked = false
  let pax: Buffer[] | null = null
  let extended: PaxFields = {}

  function begin(block: Buffer): void {
    const type = String.fromCharCode(block[TYPE] ?? 0)
    const isPax = type === 'x'
    const { path, size } = isPax ? {} : extended
    const bytes = size ?? sizeIn(block)
    left = Math.ceil(bytes / BLOCK) * BLOCK
    pax = isPax && bytes <= LONGEST_PAX ? [] : null
    isBlanked = (type === '0' || type === '\0') && blanked.has(withoutSlash(path ?? pathIn(block)))
    // Between a header of PAX and its entry may be one of GNU.
    if (!isPax && type !== 'L' && type !== 'K') extended = {}
  }

  function take(chunk: Buffer, pass: (part: Buffer) => void): void {
    let rest = chunk
    while (rest.length > 0) {
      if (left > 0) {
        const part = rest.subarray(0, left)
        left -= part.length
        rest = rest.subarray(part.length)
        pax?.push(part)
        if (left === 0 && pax) {
          extended = paxFields(Buffer.concat(pax))
          pax = null
        }
        pass(isBlanked ? Buffer.alloc(part.length) : part)
        continue
      }
      const part = rest.subarray(0, BLOCK - header.length)
      header = Buffer.concat([header, part])
      rest = rest.subarray(part.length)
      if (header.length < BLOCK) continue
      begin(header)
      pass(header)
      header = Buffer.alloc(0)
    }
  }

  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      take(chunk, (part) => this.push(part))
      done()
    },
    flush(done) {
      done(null, header.length > 0 ? header : null)
    },
  })
}

function text(block: Buffer, [from, to]: readonly [number, number]): string {
  const field = block.subarray(from, to)
  const end = field.indexOf(0)
  return field.subarray(0, end === -1 ? undefined : end).toString('latin1')
}

function pathIn(block: Buffer): string {
  const prefix = text(block, PREFIX)
  return prefix === '' ? text(block, NAME) : `${prefix}/${text(block, NAME)}`
}

/** In octal digits, or, as GNU does for more than these hold, as a number in binary. */
function sizeIn(block: Buffer): number {
  const field = block.subarray(...SIZE)
  if (((field[0] ?? 0) & 0x80) === 0) return Number.parseInt(text(block, SIZE).trim() || '0', 8)
  return Number(field.readBigUInt64BE(4))
}

const withoutSlash = (path: string) => path.replace(/^\.?\//, '')

/** What a header of PAX says instead of the entry's own. */
interface PaxFields {
  path?: string
  size?: number
}

/** Records are “LENGTH NAME=VALUE\n”, with the length of the whole record. */
function paxFields(records: Buffer): PaxFields {
  const fields: PaxFields = {}
  for (let at = 0; at < records.length; ) {
    const space = records.indexOf(' ', at)
    const length = Number(records.toString('latin1', at, space))
    if (space === -1 || !(length > 0)) break
    const record = records.toString('latin1', space + 1, at + length - 1)
    if (record.startsWith('path=')) fields.path = record.slice('path='.length)
    if (record.startsWith('size=')) fields.size = Number(record.slice('size='.length))
    at += length
  }
  return fields
}
