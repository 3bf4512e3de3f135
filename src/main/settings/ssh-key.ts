import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
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

/** A public key of ed25519 as ssh writes it: its name and 32 bytes, each after its length. */
const PUBLIC_KEY_BYTES = 51

/** Berth's own ed25519 key pair, made at the first call, or anew where the one there is cannot be used. Every workspace lets it in. */
export async function openSshKey(home: string): Promise<SshKey> {
  const folder = join(home, 'ssh')
  const privateKeyPath = join(folder, 'id_ed25519')
  const publicKeyPath = `${privateKeyPath}.pub`
  if (!existsSync(publicKeyPath) || !isWhole(await readFile(publicKeyPath, 'utf8'))) {
    await ensurePrivateFolder(folder)
    const keys = await makeKeys()
    // The public key last: its presence says that the pair is whole.
    await rm(publicKeyPath, { force: true })
    await writeFile(privateKeyPath, keys.private, { mode: 0o600 })
    await writeFile(publicKeyPath, `${keys.public}\n`, { mode: 0o644 })
  }
  return { privateKeyPath, publicKey: (await readFile(publicKeyPath, 'utf8')).trim() }
}

/** ssh2 drops zeros at the beginning of a public key, also those that belong to it: one pair of 256 is of no use to ssh. */
export async function makeKeys(generate = generateKeyPair): Promise<{ private: string; public: string }> {
  for (;;) {
    const keys = await generate()
    if (!keys) throw new Error('ssh2 generated no key pair')
    if (isWhole(keys.public)) return keys
  }
}

function isWhole(publicKey: string): boolean {
  return Buffer.from(publicKey.split(' ')[1] ?? '', 'base64').length === PUBLIC_KEY_BYTES
}
