import { copyFile, lstat, mkdir, readFile, realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Mutex } from 'async-mutex'
import writeFileAtomic from 'write-file-atomic'
import type { SshConfigStatus } from '../../shared/contract/ssh-config'
import { BerthError, isBerthError } from '../../shared/errors'
import { fileErrorCode } from '../../shared/file-error-code'
import { includeLine } from './ssh-hosts'

const BACKUP_SUFFIX = '.before-berth'

/** The user's own ssh config: changed only when asked to, and only by one line at its top. */
export interface UserSshConfig {
  status(): Promise<SshConfigStatus>
  /** Throws FILE_UNUSABLE, leaving the file unchanged. Mode, line endings and a link are kept; the former version is kept next to it. */
  install(): Promise<SshConfigStatus>
  /** Nothing if the line is not there. Throws FILE_UNUSABLE. */
  uninstall(): Promise<SshConfigStatus>
}

export function createUserSshConfig(userFile: string, configPath: string): UserSshConfig {
  const mutex = new Mutex()

  async function status(): Promise<SshConfigStatus> {
    const common = { file: configPath, userFile }
    try {
      const line = includeLine(configPath)
      return { ...common, line, installed: hasInclude(await read(userFile), line), obstacle: null }
    } catch (error) {
      if (!isBerthError(error, 'FILE_UNUSABLE')) throw error
      return { ...common, line: '', installed: false, obstacle: error.message }
    }
  }

  const change = (edit: (text: string, line: string) => string) =>
    mutex.runExclusive(async () => {
      const before = await read(userFile)
      const after = edit(before, includeLine(configPath))
      if (after !== before) await replace(userFile, before, after)
      return status()
    })

  return {
    status,
    install: () => change((text, line) => (hasInclude(text, line) ? text : withInclude(text, line))),
    uninstall: () => change(withoutInclude),
  }
}

/** Bytes as characters: whatever the file's encoding is, what is not changed stays as it was. */
const ENCODING = 'latin1'
const asText = (line: string) => Buffer.from(line, 'utf8').toString(ENCODING)

/** Whether the line stands where it counts for every host: above the first Host or Match. */
export function hasInclude(text: string, line: string): boolean {
  const lines = text.split(/\r?\n/)
  const firstBlock = lines.findIndex((candidate) => /^\s*(?:Host|Match)[\s=]/i.test(candidate))
  return lines.slice(0, firstBlock === -1 ? undefined : firstBlock).some((candidate) => candidate.trim() === asText(line))
}

export function withInclude(text: string, line: string): string {
  const lineEnd = /\r?\n/.exec(text)?.[0] ?? '\n'
  return `${asText(line)}${lineEnd}${text}`
}

/** Without the line, wherever it stands. */
export function withoutInclude(text: string, line: string): string {
  const own = asText(line)
  return (text.match(/[^\n]*\n|[^\n]+$/g) ?? []).filter((candidate) => candidate.trim() !== own).join('')
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, ENCODING)
  } catch (error) {
    const code = fileErrorCode(error)
    if (code === 'ENOENT' && !(await isLink(file))) return ''
    throw unusable(file, code === 'ENOENT' ? 'It is a broken link.' : String(code ?? error), error)
  }
}

async function replace(file: string, before: string, after: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const isThere = before !== '' || (await exists(file))
    if (isThere) await copyFile(file, `${file}${BACKUP_SUFFIX}`)
    // Through a link to what it leads to; with the mode and the owner that it has.
    const target = isThere ? await realpath(file) : file
    await writeFileAtomic(target, after, { encoding: ENCODING, ...(isThere ? {} : { mode: 0o600 }) })
  } catch (error) {
    throw unusable(file, String(fileErrorCode(error) ?? error), error)
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file)
    return true
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return false
    throw error
  }
}

async function isLink(file: string): Promise<boolean> {
  return (await exists(file)) && (await lstat(file)).isSymbolicLink()
}

function unusable(file: string, reason: string, cause: unknown): BerthError {
  return new BerthError(
    'FILE_UNUSABLE',
    `Your ssh config ${file} cannot be changed: ${reason}`,
    { file, reason, next: 'Correct the file, or add the Include line by hand.' },
    { cause },
  )
}
