import { copyFileSync, existsSync, readFileSync, renameSync } from 'node:fs'
import type { z } from 'zod'
import { BerthError } from '../../shared/errors'
import { log } from '../log'
import { writeJsonFile } from './atomic-file'
import { type CheckedJson, checkJson } from './check-json'
import type { DamagedFiles } from './damaged-files'

/** The same content as when the file was last known to be whole. */
export const lastGoodOf = (path: string) => `${path}.last-good`

/**
 * The content of a JSON file of BERTH_HOME; null when there is none. One that is damaged, or that a newer Berth has written, is set aside and
 * reported, and its last good version takes its place, if there is one. Throws RECORDS_UNREADABLE when the file system refuses it.
 */
export function readStoredFile<Value>(path: string, schema: z.ZodType<Value>, damagedFiles: DamagedFiles): Value | null {
  const checked = readChecked(path, schema)
  if (checked === null) return null
  if (checked.damage === null) {
    keeping(path, () => {
      if (!hasLastGood(path)) copyToLastGood(path)
    })
    return checked.value
  }
  const lastGood = readChecked(lastGoodOf(path), schema)
  const usable = lastGood !== null && lastGood.damage === null
  damagedFiles.setAside(path, checked.damage, usable ? 'last-good' : 'defaults')
  if (!usable) return null
  copyFileSync(lastGoodOf(path), path)
  return lastGood.value
}

/** Like `writeJsonFile`; also keeps the content as the last good version. */
export async function writeStoredFile(path: string, value: unknown): Promise<void> {
  await writeJsonFile(path, value)
  keepLastGood(path)
}

/** For a file that is whole. */
export function keepLastGood(path: string): void {
  keeping(path, () => copyToLastGood(path))
}

function keeping(path: string, keep: () => void): void {
  try {
    keep()
  } catch (error) {
    // The file itself was written, so the change was made.
    log.warn({ err: error, file: path }, 'the last good version of a file could not be kept')
  }
}

function copyToLastGood(path: string): void {
  const half = `${lastGoodOf(path)}.new`
  copyFileSync(path, half)
  renameSync(half, lastGoodOf(path))
}

/** Whether the last good version is as the file is. */
function hasLastGood(path: string): boolean {
  return existsSync(lastGoodOf(path)) && readFileSync(path, 'utf8') === readFileSync(lastGoodOf(path), 'utf8')
}

function readChecked<Value>(path: string, schema: z.ZodType<Value>): CheckedJson<Value> | null {
  try {
    return checkJson(readFileSync(path, 'utf8'), schema)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    if (error.code === 'ENOENT') return null
    throw unreadable(path, error)
  }
}

function unreadable(file: string, error: Error): BerthError {
  return new BerthError(
    'RECORDS_UNREADABLE',
    `Berth cannot read ${file}: ${error.message}`,
    { file, reason: error.message, next: 'Make the file readable for your user, then start Berth again.' },
    { cause: error },
  )
}
