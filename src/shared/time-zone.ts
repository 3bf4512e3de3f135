import { z } from 'zod'

const ZONE = /^[A-Za-z][A-Za-z0-9_+/-]*$/

/** The name of a time zone in the IANA database, as its file is written. */
export const timeZoneSchema = z
  .string()
  .max(64, 'Enter a time zone such as Europe/Berlin.')
  .superRefine((name, context) => {
    const message = problemOf(name)
    if (message !== null) context.addIssue({ code: 'custom', message })
  })

function problemOf(name: string): string | null {
  // `Intl` also takes offsets, which mean something else in TZ, and any mixture of small and capital letters.
  if (!ZONE.test(name) || !isKnown(name)) return `“${name}” is not a time zone. Use a name such as Europe/Berlin, or UTC.`
  const exact = Intl.supportedValuesOf('timeZone').find((zone) => zone.toLowerCase() === name.toLowerCase())
  return exact === undefined || exact === name ? null : `Write it as ${exact}.`
}

function isKnown(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
