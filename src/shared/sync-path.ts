import { z } from 'zod'
import { HOME_FOLDER, isWithin, joinPath, normalizePath } from './files/file-path'
import { hostPathSchema } from './host-path'

/** What is copied into a workspace: `~/.config/nvim`, or `HOST:INSIDE` for another place inside. */
export interface SyncPath {
  /** Absolute, or below the user's home folder (`~/`). */
  host: string
  /** Absolute and normalized; null for the same place below the home folder. */
  inside: string | null
}

export function parseSyncPath(given: string): SyncPath {
  const colon = Math.max(given.lastIndexOf(':~/'), given.lastIndexOf(':/'))
  if (colon <= 0) return { host: given, inside: null }
  const inside = given.slice(colon + 1)
  return {
    host: given.slice(0, colon),
    inside: inside.startsWith('~/') ? joinPath(HOME_FOLDER, inside.slice(2)) : normalizePath(inside),
  }
}

/** Why what is there cannot be copied to; null when it can. */
export function insideProblem(inside: string): string | null {
  if (inside === HOME_FOLDER || !isWithin(inside, HOME_FOLDER)) return `The target must be below ~/ (${HOME_FOLDER}).`
  return null
}

export const syncPathSchema = z.string().superRefine((given, context) => {
  const { host, inside } = parseSyncPath(given)
  const message = hostPathSchema.safeParse(host).error?.issues[0]?.message ?? (inside === null ? null : insideProblem(inside))
  if (message !== null) context.addIssue({ code: 'custom', message })
})

/** A public key on one line, or a file with some. */
export const authorizedKeySchema = z
  .string()
  .max(16_384)
  .refine(
    (given) => hostPathSchema.safeParse(given).success || isPublicKeyLine(given),
    'Enter a public key on one line, or the path of a file with public keys.',
  )

/** By its form only. */
export function isPublicKeyLine(text: string): boolean {
  return /^(ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+( [^\n]*)?$/.test(text)
}
