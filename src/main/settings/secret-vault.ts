import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { contentOf, type SealedSecret, sealedText, type Vault } from '../../shared/secret'
import { log } from '../log'
import { writeError } from './atomic-file'
import type { DamagedFiles } from './damaged-files'

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** A secret that was sealed with another key opens as null, which is logged: it must be set again. */
export type SecretVault = Vault

export const secretKeyPath = (home: string) => join(home, 'secret-key')

/**
 * The vault of that folder. Its key is in `secret-key`, which only its owner can read, made at the first call. One that is damaged is set
 * aside and reported: what was sealed with it cannot be read until it is repaired. Throws DISK_FULL.
 */
export async function openSecretVault(home: string, damagedFiles: Pick<DamagedFiles, 'setAside'>): Promise<SecretVault> {
  const path = secretKeyPath(home)
  const kept = existsSync(path) ? Buffer.from(readFileSync(path, 'utf8').trim(), 'base64') : null
  if (kept?.length === KEY_BYTES) return createSecretVault(kept)
  if (kept) damagedFiles.setAside(path, { reason: DAMAGED_KEY, line: null, column: null, field: null }, 'defaults')
  const key = randomBytes(KEY_BYTES)
  try {
    await writeFileAtomic(path, `${key.toString('base64')}\n`, { mode: 0o600 })
  } catch (error) {
    throw writeError(error, path)
  }
  return createSecretVault(key)
}

const DAMAGED_KEY = `It is not a Base64 key of ${KEY_BYTES} bytes, so secrets encrypted with it cannot be read.`

/** With a key of 32 bytes. AES-256-GCM, with a random nonce for each secret. */
export function createSecretVault(key: Buffer): SecretVault {
  /** It is tried whenever it is needed; the log has it once. */
  const reported = new Set<SealedSecret>()
  return {
    seal(plain) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, key, nonce)
      const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return sealedText(sealed.toString('base64url'))
    },
    open(sealed) {
      const content = contentOf(sealed)
      if ('plain' in content) return content.plain
      const bytes = Buffer.from(content.encrypted, 'base64url')
      try {
        const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
        return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8')
      } catch (error) {
        if (!reported.has(sealed))
          log.error({ err: error }, 'a secret could not be decrypted: it is damaged or was encrypted with another key')
        reported.add(sealed)
        return null
      }
    },
  }
}
