import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { customAlphabet } from 'nanoid'
import writeFileAtomic from 'write-file-atomic'
import { writeError } from './atomic-file'
import type { DamagedFiles } from './damaged-files'
import { lastGoodOf } from './stored-file'

const newId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 16)
const ID = /^[0-9a-z]{16}$/

/**
 * Which Berth created a resource, if several (of other users, or with other homes) share one engine. It is kept apart from the records, so
 * that lost records are restored from the engine, and only from this Berth's own resources. It is stored twice: with another id, nothing on
 * the engine would belong to this Berth any longer.
 */
export async function openInstallationId(home: string, damagedFiles: DamagedFiles): Promise<string> {
  const path = join(home, 'installation-id')
  const found = readId(path)
  const kept = readId(lastGoodOf(path))
  if (found === null && existsSync(path)) {
    const damage = { reason: 'It contains no id.', line: 1, column: 1, field: null }
    damagedFiles.setAside(path, damage, kept === null ? 'defaults' : 'last-good')
  }
  const id = found ?? kept ?? newId()
  try {
    if (found === null) await writeFileAtomic(path, `${id}\n`, { mode: 0o600 })
    if (kept !== id) await writeFileAtomic(lastGoodOf(path), `${id}\n`, { mode: 0o600 })
  } catch (error) {
    throw writeError(error, path)
  }
  return id
}

function readId(path: string): string | null {
  if (!existsSync(path)) return null
  const id = readFileSync(path, 'utf8').trim()
  return ID.test(id) ? id : null
}
