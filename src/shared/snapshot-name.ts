import { BerthError } from './errors'

export const MAX_SNAPSHOT_NAME_LENGTH = 64
const ALLOWED = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.'

/** Why `name` cannot name a snapshot, in words for a person; null when it can. */
export function snapshotNameProblem(name: string): string | null {
  if (name === '') return 'Enter a name.'
  if (name.length > MAX_SNAPSHOT_NAME_LENGTH)
    return `At most ${MAX_SNAPSHOT_NAME_LENGTH} characters are allowed; this name has ${name.length}.`
  const stray = [...name].find((character) => !ALLOWED.includes(character))
  if (stray !== undefined) return `“${stray}” is not allowed. Use letters, digits, dashes, dots and underscores.`
  if (name.startsWith('-') || name.startsWith('.')) return 'A name must start with a letter, a digit or an underscore.'
  return null
}

/** Returns `name`, or throws NAME_INVALID with the reason. */
export function checkSnapshotName(name: string): string {
  const reason = snapshotNameProblem(name)
  if (reason === null) return name
  throw new BerthError('NAME_INVALID', `“${name}” cannot be the name of a snapshot. ${reason}`, {
    name,
    reason,
    next: 'Choose a name of letters, digits, dashes, dots and underscores.',
  })
}

/** By the time: “2026-01-31_14-05-09”, in UTC. */
export function snapshotNameOf(time: Date): string {
  return time.toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '-')
}
