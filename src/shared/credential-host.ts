import { z } from 'zod'

/** The origin that a host stands for, such as `https://git.example.com:8443`; null for what is no host. */
export function credentialOrigin(given: string): string | null {
  const text = /^https?:\/\//.test(given) ? given : `https://${given}`
  if (!URL.canParse(text)) return null
  const { origin, href, hostname } = new URL(text)
  // No path, user or wildcard: who is answered is said exactly.
  return href === `${origin}/` && /^([a-z0-9.-]+|\[[0-9a-f:.]+\])$/.test(hostname) ? origin : null
}

/** A host whose login git in a workspace may have. */
export const credentialHostSchema = z
  .string()
  .max(300, 'Enter at most 300 characters per line.')
  .refine(
    (given) => credentialOrigin(given) !== null,
    'Enter a host such as git.example.com or git.example.com:8443, starting with http:// if it has no TLS.',
  )
