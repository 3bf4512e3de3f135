import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import ssh2 from 'ssh2'
import { ensurePrivateFolder } from './atomic-file'

export interface SshKey {
  /** Path of the private key, in OpenSSH's format, without a passphrase, readable by its owner only. */
  privateKeyPath: string
  /** One line for an authorized_keys file. */
  publicKey: string
}

const generateKeyPair = promisify((callback: (error: Error | null, keys: { private: string; public: string } | undefined) => void) =>
  ssh2.utils.generateKeyPair('ed25519', { comment: 'berth' }, (error, keys) => callback(error, keys)),
)

/** Berth's own ed25519 key pair, made at the first call. Every workspace lets it in. */
export async function openSshKey(home: string): Promise<SshKey> {
  const folder = join(home, 'ssh')
  const privateKeyPath = join(folder, 'id_ed25519')
  const publicKeyPath = `${privateKeyPath}.pub`
  if (!existsSync(publicKeyPath)) {
    await ensurePrivateFolder(folder)
    const keys = await generateKeyPair()
    if (!keys) throw new Error('ssh2 made no key pair')
    // The public key last: its presence says that the pair is whole.
    await writeFile(privateKeyPath, keys.private, { mode: 0o600 })
    await writeFile(publicKeyPath, `${keys.public}\n`, { mode: 0o644 })
  }
  return { privateKeyPath, publicKey: (await readFile(publicKeyPath, 'utf8')).trim() }
}
