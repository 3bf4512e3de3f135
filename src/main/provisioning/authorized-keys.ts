import { open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { isPublicKeyLine } from '../../shared/sync-path'
import type { ContainerFile } from '../engine/containers'
import { log } from '../log'

/** Longer than any key there is (RSA of 16384 bits has 2,800 characters). */
const LONGEST_KEY_BYTES = 64 * 1024

/**
 * The authorized_keys of every workspace: Berth's own public key, those of the user (`~/.ssh/*.pub`), and `given` ones: keys, or absolute
 * paths of files with keys. Each once. What holds no key or cannot be read is left out and logged, so that it cannot spoil the others or keep a workspace from starting.
 */
export async function authorizedKeys(berthPublicKey: string, userSshFolder: string, given: readonly string[] = []): Promise<string> {
  const chosen = await Promise.all(given.map((key) => (isPublicKeyLine(key) ? [key] : readPublicKeys(key))))
  const lines = [berthPublicKey, ...(await userPublicKeys(userSshFolder)), ...chosen.flat()]
  return `${[...new Set(lines)].join('\n')}\n`
}

export function authorizedKeysFile(content: string): ContainerFile {
  return { path: '/etc/berth/authorized_keys', content, mode: 0o644, uid: 0, gid: 0 }
}

/** All keys of a file, one on each line, as in an authorized_keys. */
async function readPublicKeys(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isFile()) throw new Error('it is not a file')
    const lines = (await readBounded(path)).split('\n').map((line) => line.trim())
    const keys = lines.filter((line) => line !== '' && !line.startsWith('#') && !(ssh2.utils.parseKey(line) instanceof Error))
    if (keys.length === 0) log.warn({ file: path }, 'a file of keys to authorize has no public key')
    return keys
  } catch (error) {
    log.warn({ file: path, err: error }, 'a file of keys to authorize cannot be read and is left out')
    return []
  }
}

async function userPublicKeys(folder: string): Promise<string[]> {
  const names = (await readFolder(folder)).filter((name) => name.endsWith('.pub')).sort()
  const found = await Promise.all(names.map((name) => readPublicKey(join(folder, name))))
  return found.flatMap((key) => key ?? [])
}

/** null, with a log message, if it is not a key or cannot be read: a broken link, a folder, a file of another user. */
async function readPublicKey(path: string): Promise<string | null> {
  try {
    // Opening a pipe would wait for whoever writes to it.
    if (!(await stat(path)).isFile()) throw new Error('it is not a file')
    const line = (await readBounded(path)).trim()
    if (!line.includes('\n') && !(ssh2.utils.parseKey(line) instanceof Error)) return line
    log.warn({ file: path }, 'a .pub file in the ssh folder has no public key')
  } catch (error) {
    log.warn({ file: path, err: error }, 'a public key in the ssh folder cannot be read and is left out')
  }
  return null
}

async function readBounded(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_KEY_BYTES))
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

async function readFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      log.warn({ folder, err: error }, 'the ssh folder cannot be read: its public keys are left out')
    }
    return []
  }
}
