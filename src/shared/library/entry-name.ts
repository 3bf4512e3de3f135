import { z } from 'zod'
import { ENTRY_KINDS } from './entry-kinds'

export const entryKindSchema = z.enum(ENTRY_KINDS)

const MAX_LENGTH = 64

/** Why it is no name of an entry; null for one that is. One segment of a path, which every file system and every agent takes. */
export function entryNameProblem(name: string): string | null {
  if (name === '') return 'A name cannot be empty.'
  if (name.length > MAX_LENGTH) return `A name can have at most ${MAX_LENGTH} characters.`
  if (!/^[A-Za-z0-9]/.test(name)) return 'A name must start with a letter or a digit.'
  if (!/^[A-Za-z0-9._-]+$/.test(name)) return 'A name can only have letters, digits, dots, dashes and underscores.'
  return null
}

export const entryNameSchema = z.string().superRefine((name, context) => {
  const message = entryNameProblem(name)
  if (message !== null) context.addIssue({ code: 'custom', message })
})
