import { readFile, stat } from 'node:fs/promises'

/** Bytes that were written so far to the device which has the folder. */
export async function writtenBytes(folder: string): Promise<number> {
  const { dev } = await stat(folder)
  // As the kernel puts a device's two numbers together for programs.
  const major = (dev >>> 8) & 0xfff
  const minor = (dev & 0xff) | ((dev >>> 12) & 0xfff00)
  const fields = (await readFile(`/sys/dev/block/${major}:${minor}/stat`, 'utf8')).trim().split(/\s+/)
  return Number(fields[6]) * 512
}
