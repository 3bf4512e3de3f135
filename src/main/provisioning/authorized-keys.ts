import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { log } from '../log'

/**
 * The authorized_keys of every workspace: Berth's own public key and those of the user (`~/.ssh/*.pub`), each once. A file
 * that holds no key is left out, so that it cannot spoil the others.
 */
export async function authorizedKeys(berthPublicKey: string, userSshFolder: string): Promise<string> {
  const lines = [berthPublicKey, ...(await userPublicKeys(userSshFolder))]
  return `${[...new Set(lines)].join('\n')}\n`
}

async function userPublicKeys(folder: string): Promise<string[]> {
  const names = (await readFolder(folder)).filter((name) => name.endsWith('.pub')).sort()
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))
  return texts.flatMap((text, index) => {
    const line = text.trim()
    if (!line.includes('\n') && !(ssh2.utils.parseKey(line) instanceof Error)) return [line]
    log.warn({ file: names[index] }, 'a file in the ssh folder that ends in .pub holds no public key')
    return []
  })
}

async function readFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
