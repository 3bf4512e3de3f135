import { z } from 'zod'

const LONGEST_NAME = 255
const LONGEST_REFERENCE = 512

/** The grammar of references that Docker and its registries share: `[domain/]path[:tag][@digest]`. */
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'
const DOMAIN_PART = '[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?'
const DOMAIN = `(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`
const NAME = new RegExp(`^(?:(?<domain>${DOMAIN})/)?(?<path>${COMPONENT}(?:/${COMPONENT})*)$`)
const TAG = /^\w[\w.-]{0,127}$/
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/

export interface ImageReference {
  /** With its domain, if it has one: `registry:5000/team/image`. */
  name: string
  tag: string | null
  /** `sha256:…` */
  digest: string | null
}

/** Takes a reference apart; null when it is none. An image's id is one too (`sha256:…`, or its digits alone). */
export function parseImageReference(reference: string): ImageReference | null {
  if (reference.length > LONGEST_REFERENCE) return null
  const at = reference.indexOf('@')
  const digest = at === -1 ? null : reference.slice(at + 1)
  const rest = at === -1 ? reference : reference.slice(0, at)
  // A colon before the last slash belongs to a port.
  const colon = rest.indexOf(':', rest.lastIndexOf('/') + 1)
  const tag = colon === -1 ? null : rest.slice(colon + 1)
  const name = colon === -1 ? rest : rest.slice(0, colon)
  if (digest !== null && !DIGEST.test(digest)) return null
  if (tag !== null && !TAG.test(tag)) return null
  return name.length <= LONGEST_NAME && NAME.test(name) ? { name, tag, digest } : null
}

/** Why it is no image reference, in words for a person; null when it is one. */
export function imageReferenceProblem(reference: string): string | null {
  if (parseImageReference(reference) !== null) return null
  if (reference.includes('://')) return 'An image reference is not a URL: leave out everything before the host name.'
  if (/[A-Z]/.test(reference)) return 'Invalid image reference: only the host and the tag can have capital letters.'
  return 'Invalid image reference. Use a name such as “debian:12” or “registry.example.com/team/image:tag”.'
}

/** An image reference, as people give it. */
export const imageReferenceSchema = z
  .string()
  .min(1)
  .max(LONGEST_REFERENCE)
  .superRefine((reference, context) => {
    const message = imageReferenceProblem(reference)
    if (message !== null) context.addIssue({ code: 'custom', message })
  })
