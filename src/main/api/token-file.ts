import { randomBytes } from 'node:crypto'
import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { BerthError } from '../../shared/errors'
import type { DamagedFiles } from '../settings/damaged-files'

const TOKEN_FILE = 'token'
const TOKEN_BYTES = 32

/**
 * The bearer token of this BERTH_HOME: 32 random bytes as base64url, made once, kept in a file only its owner can read. Call it
 * while holding the home, so that two processes do not make one each. A file that holds no token is set aside and reported, and a new one is
 * made: doors that are open know the former token only, and are refused. Throws RECORDS_UNREADABLE when the file system refuses the file.
 */
export async function loadToken(home: string, damagedFiles: Pick<DamagedFiles, 'setAside'>): Promise<string> {
  const file = join(home, TOKEN_FILE)
  const existing = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw unreadable(file, error.code ?? 'It cannot be read.', error)
  })
  const kept = existing?.trim() ?? ''
  const isDamaged = existing !== null && !isToken(kept)
  if (isDamaged) damagedFiles.setAside(file, { reason: 'It contains no token.', line: 1, column: 1, field: null }, 'defaults')
  if (existing === null || isDamaged) {
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    await writeFileAtomic(file, `${token}\n`, { mode: 0o600 })
    return token
  }
  // A copy or a restored backup may have come back readable by others.
  await chmod(file, 0o600)
  return kept
}

/** A token shorter than ours could be guessed, and one with other characters cannot be sent. */
function isToken(text: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(text) && Buffer.from(text, 'base64url').length >= TOKEN_BYTES
}

function unreadable(file: string, reason: string, cause: unknown): BerthError<'RECORDS_UNREADABLE'> {
  return new BerthError(
    'RECORDS_UNREADABLE',
    `The token in ${file} cannot be read. ${reason}`,
    { file, reason, next: 'Make the file readable for your user, then start Berth again.' },
    { cause },
  )
}
