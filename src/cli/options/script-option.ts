import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { usageError } from '../cli-error'
import type { CliHost } from '../context'

/** The text of a script that is given as a file, or as “-” for stdin; empty for an empty name. Throws a usage error. */
export async function readScript(file: string, stdin: CliHost['stdin']): Promise<string> {
  if (file === '') return ''
  const bytes = file === '-' ? await buffer(stdin()) : await readGiven(file)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw usageError(`${file === '-' ? 'What came on stdin' : file} is not text in UTF-8.`, 'Give a script.')
  }
}

async function readGiven(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error
    const reason = error.code === 'ENOENT' ? 'does not exist' : `cannot be read: ${String(error.code)}`
    throw usageError(`The script ${file} ${reason}.`, 'Give the path of a file, or “-” for stdin.')
  }
}
