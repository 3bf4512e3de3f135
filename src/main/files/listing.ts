import { type FileEntry, type FileKind, type FileListing, MOST_LISTED } from '../../shared/contract/files'

/** Fields of an entry in `find -printf`, each ended with a NUL: no name can hold one. Depth 0 is the folder itself. */
const FIELDS = ['%d', '%f', '%y', '%Y', '%s', '%m', '%T@', '%u', '%l']

/** Follows the path itself, if that is a link, and no other. */
export function listCommand(path: string): string[] {
  return ['find', '-H', path, '-maxdepth', '1', '-printf', FIELDS.map((field) => `${field}\\0`).join('')]
}

/** Maximum output of `listCommand`: enough for the maximum number of entries with names of usual length. */
export const LISTING_BYTES = 4 * 1024 * 1024

export interface ParsedListing extends Omit<FileListing, 'path'> {
  /** Of what was listed; null when it is not there. */
  kind: FileKind | null
}

/** Never throws: entries that cannot be parsed are left out. `cut` means that the output was longer. */
export function parseListing(output: Buffer, cut: boolean): ParsedListing {
  const parsed: ParsedListing = { kind: null, entries: [], truncated: cut, unnamed: 0 }
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for (const [depth, name, ...rest] of records(output)) {
    const [kind, targetKind, size, mode, modified, owner, target] = rest.map((field) => field.toString('utf8'))
    if (depth?.toString() === '0') {
      parsed.kind = kindOf(kind)
      continue
    }
    const entryName = name && decode(decoder, name)
    if (entryName === undefined || entryName === '') {
      parsed.unnamed += 1
      continue
    }
    const entry: FileEntry = {
      name: entryName,
      kind: kindOf(kind),
      link: kind === 'l' ? { target: target ?? '', kind: isNothing(targetKind) ? null : kindOf(targetKind) } : null,
      size: wholeNumber(size, 10),
      mode: wholeNumber(mode, 8) & 0o7777,
      modifiedAt: timeOf(modified),
      owner: (owner ?? '').slice(0, 64),
    }
    if (parsed.entries.length === MOST_LISTED) return { ...parsed, truncated: true }
    parsed.entries.push(entry)
  }
  return parsed
}

function* records(output: Buffer): Generator<Buffer[]> {
  let record: Buffer[] = []
  for (let at = 0; ; ) {
    const end = output.indexOf(0, at)
    if (end === -1) return
    record.push(output.subarray(at, end))
    at = end + 1
    if (record.length < FIELDS.length) continue
    yield record
    record = []
  }
}

function decode(decoder: TextDecoder, bytes: Buffer): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    // Not UTF-8: there is no other way to check that.
    return undefined
  }
}

function kindOf(letter: string | undefined): FileKind {
  switch (letter) {
    case 'f':
      return 'file'
    case 'd':
      return 'folder'
    case 'l':
      return 'link'
    default:
      return 'other'
  }
}

/** N: nothing is there; L: a loop; ?: it cannot be looked at. */
const isNothing = (letter: string | undefined) => letter === undefined || 'NL?'.includes(letter)

function wholeNumber(text: string | undefined, radix: 8 | 10): number {
  const number = Number.parseInt(text ?? '', radix)
  return Number.isSafeInteger(number) && number >= 0 ? number : 0
}

/** Seconds since 1970 with a fraction; what no date can hold counts as its beginning. */
function timeOf(seconds: string | undefined): string {
  const date = new Date(Number(seconds) * 1000)
  const isShown = !Number.isNaN(date.getTime()) && date.getUTCFullYear() >= 0 && date.getUTCFullYear() <= 9999
  return (isShown ? date : new Date(0)).toISOString()
}
