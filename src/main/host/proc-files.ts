import { readdir, readFile, readlink } from 'node:fs/promises'

/** Of all processes of this machine, as /proc names them. Linux only. */
export async function processNumbers(): Promise<string[]> {
  return (await readdir('/proc')).filter((name) => Number.isInteger(Number(name)))
}

/** Whether that process has the variable, as `NAME=value`, in its environment; false for one that is gone or another user's. */
export async function hasVariable(pid: string, variable: string): Promise<boolean> {
  const environment = await readIfThere(`/proc/${pid}/environ`)
  return environment?.split('\0').includes(variable) ?? false
}

export const readIfThere = (path: string): Promise<string | null> => orNull(readFile(path, 'utf8'))
export const linkIfThere = (path: string): Promise<string | null> => orNull(readlink(path))
export const listIfThere = async (path: string): Promise<string[]> => (await orNull(readdir(path))) ?? []

/** Processes come and go, and those of others are not for us to read. */
async function orNull<Value>(reading: Promise<Value>): Promise<Value | null> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(String(error.code))) return null
    throw error
  }
}
