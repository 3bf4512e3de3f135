import { SECRET_MASK } from '../../../shared/secret'

/** Shorter ones would be found in every other word. */
const SHORTEST = 4

/** The value with each of the secrets masked wherever it occurs in a text: plain, or as a URL or JSON encodes it. */
export function maskSecrets<Value>(value: Value, secrets: readonly string[]): Value {
  const forms = secrets
    .filter((secret) => secret.length >= SHORTEST)
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])
    // Of two that contain each other the longer one.
    .sort((a, b) => b.length - a.length)
  const mask = (text: string) => forms.reduce((masked, form) => masked.replaceAll(form, SECRET_MASK), text)
  const masked = (part: unknown): unknown => {
    if (typeof part === 'string') return mask(part)
    if (Array.isArray(part)) return part.map(masked)
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, masked(inner)]))
  }
  return masked(value) as Value
}
