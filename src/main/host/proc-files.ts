import { readdir, readFile, readlink } from 'node:fs/promises'
import { fileErrorCode } from '../../shared/file-error-code'

/** Of all processes of this machine, as /proc names them. Linux only. */
export async function processNumbers(): Promise<string[]> {
  return (await readdir('/proc')).filter((name) => Number.isInteger(Number(name)))
}

/** The initial environment of that process, as `NAME=value`; empty if it is gone or belongs to another user. */
export async function environmentOf(pid: string): Promise<string[]> {
  return (await readIfThere(`/proc/${pid}/environ`))?.split('\0') ?? []
}

/** What is found out of each process that has the variable, as `NAME=value`, in its environment. */
export async function ofProcessesWith<Found>(variable: string, find: (pid: string) => Promise<Found>): Promise<Found[]> {
  const pids = await processNumbers()
  const have = await Promise.all(pids.map(async (pid) => (await environmentOf(pid)).includes(variable)))
  return Promise.all(pids.filter((_, index) => have[index]).map(find))
}

export const readIfThere = (path: string): Promise<string | null> => orNull(readFile(path, 'utf8'))
export const linkIfThere = (path: string): Promise<string | null> => orNull(readlink(path))
export const listIfThere = async (path: string): Promise<string[]> => (await orNull(readdir(path))) ?? []

/** Processes come and go, and those of others are not for us to read. */
async function orNull<Value>(reading: Promise<Value>): Promise<Value | null> {
  try {
    return await reading
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(fileErrorCode(error) ?? '')) return null
    throw error
  }
}
