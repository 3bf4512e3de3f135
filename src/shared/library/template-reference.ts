const PREFIX = 'library:'

/** How a template of the library is meant where a workspace that is a template could be, too. */
export const libraryTemplate = (id: string) => `${PREFIX}${id}`

/** The id of a template of the library that is called so; null for another kind of reference. */
export function libraryTemplateId(reference: string): string | null {
  return reference.startsWith(PREFIX) ? reference.slice(PREFIX.length) : null
}
