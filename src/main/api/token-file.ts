import { randomBytes } from 'node:crypto'
import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { BerthError } from '../../shared/errors'

const TOKEN_FILE = 'token'
const TOKEN_BYTES = 32

/**
 * The bearer token of this BERTH_HOME: 32 random bytes as base64url, made once, kept in a file only its owner can read. Call it
 * while holding the home, so that two processes do not make one each. Throws RECORDS_UNREADABLE when the file holds no token.
 */
export async function loadToken(home: string): Promise<string> {
  const file = join(home, TOKEN_FILE)
  const existing = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw unreadable(file, error.code ?? 'It cannot be read.', error)
  })
  if (existing === null) {
    const token = randomBytes(TOKEN_BYTES).toString('base64url')
    await writeFileAtomic(file, `${token}\n`, { mode: 0o600 })
    return token
  }
  const token = existing.trim()
  if (Buffer.from(token, 'base64url').length < TOKEN_BYTES) throw unreadable(file, 'It holds no token.')
  // A copy or a restored backup may have come back readable by others.
  await chmod(file, 0o600)
  return token
}

function unreadable(file: string, reason: string, cause?: unknown): BerthError<'RECORDS_UNREADABLE'> {
  return new BerthError(
    'RECORDS_UNREADABLE',
    `The token in ${file} cannot be read. ${reason}`,
    { file, reason, next: 'Delete the file and start Berth again; it makes a new token.' },
    { cause },
  )
}
