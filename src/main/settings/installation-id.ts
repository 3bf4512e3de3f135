import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { customAlphabet } from 'nanoid'

const newId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 16)

/**
 * Which Berth made a thing, where several (of other users, or with other homes) share one engine. In a file apart from the
 * records, so that records that were lost are made again from what is on the engine, and only from what is this Berth's own.
 */
export async function openInstallationId(home: string): Promise<string> {
  const path = join(home, 'installation-id')
  if (!existsSync(path)) await writeFile(path, `${newId()}\n`, { mode: 0o600 })
  return (await readFile(path, 'utf8')).trim()
}
