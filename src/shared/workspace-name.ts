import { BerthError } from './errors'

export const MAX_NAME_LENGTH = 63
const ALLOWED = 'abcdefghijklmnopqrstuvwxyz0123456789-'

/** Why `name` cannot name a workspace, in words for a person; null when it can. Length is in characters. */
export function workspaceNameProblem(name: string): string | null {
  if (name === '') return 'Enter a name.'
  const stray = [...name].find((character) => !ALLOWED.includes(character))
  if (stray !== undefined) {
    if (stray >= 'A' && stray <= 'Z') return 'Only lowercase letters are allowed: a-z, 0-9 and dashes.'
    if (stray.trim() === '') return 'Spaces are not allowed. Use a-z, 0-9 and dashes.'
    return `“${stray}” is not allowed. Use a-z, 0-9 and dashes.`
  }
  if (name.startsWith('-')) return 'A name must start with a letter or a digit.'
  if (name.endsWith('-')) return 'A name must end with a letter or a digit.'
  if (name.length > MAX_NAME_LENGTH) return `At most ${MAX_NAME_LENGTH} characters are allowed; this name has ${name.length}.`
  return null
}

/** Returns `name`, or throws NAME_INVALID with the reason. */
export function checkWorkspaceName(name: string): string {
  const reason = workspaceNameProblem(name)
  if (reason === null) return name
  throw new BerthError('NAME_INVALID', `“${name}” cannot be the name of a workspace. ${reason}`, {
    name,
    reason,
    next: 'Choose a name of a-z, 0-9 and dashes that starts and ends with a letter or a digit.',
  })
}

/** A name that is like `text`, which may be anything. */
export function nameLike(text: string): string {
  const allowed = [...text.toLowerCase()].map((character) => (ALLOWED.includes(character) ? character : '-')).join('')
  const name = allowed
    .split('-')
    .filter((part) => part !== '')
    .join('-')
    .slice(0, MAX_NAME_LENGTH)
  const whole = name.endsWith('-') ? name.slice(0, -1) : name
  return whole === '' ? 'workspace' : whole
}

/** The first of `base`, `base-2`, `base-3` … that `isTaken` does not have; cut to fit the longest name. */
export function proposeName(base: string, isTaken: (name: string) => boolean): string {
  for (let count = 1; ; count++) {
    const suffix = count === 1 ? '' : `-${count}`
    const candidate = base.slice(0, MAX_NAME_LENGTH - suffix.length).replace(/-+$/, '') + suffix
    if (!isTaken(candidate)) return candidate
  }
}
