import { z } from 'zod'

const SEALED = 'sealed:v1:'
const UNSEALED = 'unsealed:v0:'

/**
 * A secret as records, settings, journals and operations store it: encrypted. Any representation of it (JSON, a message, a log line) shows
 * nothing; only the core's vault (`settings/secret-vault.ts`) can open it, which happens where it is used.
 */
export type SealedSecret = string & z.core.$brand<'SealedSecret'>

export const sealedSecretSchema: z.ZodType<SealedSecret, string> = z
  .string()
  .startsWith(SEALED)
  .transform((text) => text as SealedSecret)

/** What is sealed, and what older Berths kept as it was: that is marked, and sealed when Berth starts. */
export const storedSecretSchema: z.ZodType<SealedSecret, string> = z
  .string()
  .transform((text) => (text.startsWith(SEALED) || text.startsWith(UNSEALED) ? text : UNSEALED + text) as SealedSecret)

/** Encrypts a secret. */
export type Seal = (plain: string) => SealedSecret
/** null for a secret that cannot be read: its key is gone, or it is damaged. */
export type Open = (sealed: SealedSecret) => string | null

/** What seals and opens. */
export interface Vault {
  seal: Seal
  open: Open
}

export function sealedText(content: string): SealedSecret {
  return (SEALED + content) as SealedSecret
}

/** What of a sealed secret is encrypted; or the secret itself, where an older Berth kept it as it was. */
export function contentOf(secret: SealedSecret): { encrypted: string } | { plain: string } {
  return secret.startsWith(UNSEALED) ? { plain: secret.slice(UNSEALED.length) } : { encrypted: secret.slice(SEALED.length) }
}

export function isUnsealed(secret: SealedSecret): boolean {
  return 'plain' in contentOf(secret)
}

/** In the place of a secret, in every door. Given back to Berth it means that the secret stays as it is. */
export const SECRET_MASK = '***'
