import { z } from 'zod'

/** A file or folder on the machine that Berth runs on: an absolute path, or one below the user's home folder. */
export const hostPathSchema = z
  .string()
  .max(4096, 'A path can have at most 4096 characters.')
  .refine((path) => path.startsWith('/') || path.startsWith('~/'), 'Enter an absolute path, or one that starts with ~/.')
  .refine((path) => !path.includes('\0') && !path.includes('\n'), 'A path cannot contain a NUL or a line break.')

/** The absolute path; `userHome` is the home folder of the user on that machine. */
export function expandHome(path: string, userHome: string): string {
  return path.startsWith('~/') ? `${userHome}/${path.slice(2)}` : path
}
