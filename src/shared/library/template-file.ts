import { z } from 'zod'
import { containerReferenceSchema } from '../container-name'
import { creationRepos } from '../creation-repos'
import { strictly } from '../strict-schema'
import { portSchema } from '../workspace'
import { creationShape } from '../workspace-configuration/configuration'
import { CREATION_FIELDS } from '../workspace-configuration/fields'

/** A port that a workspace made from the template forwards from its creation on. */
const forwardSchema = z.object({
  port: portSchema,
  localPort: portSchema.optional(),
  container: containerReferenceSchema.nullable().default(null),
})

const MAX_FORWARDS = 64

const openSchema = z.object({
  name: z.string().max(64, 'A name can have at most 64 characters.').optional(),
  description: z.string().max(1024, 'A description can have at most 1024 characters.').optional(),
  ...creationShape,
  ...creationRepos,
  forwards: z.array(forwardSchema).max(MAX_FORWARDS, `At most ${MAX_FORWARDS} forwards are allowed.`).optional(),
})

/** A file of `workspace-template`: a name, a description, and whatever can be chosen for a new workspace. Unknown fields are refused by name. */
export const templateFileSchema = strictly(openSchema) as typeof openSchema
export type TemplateFile = z.infer<typeof templateFileSchema>

/** What a workspace is created with, in addition to the template's own description. */
export const TEMPLATE_FIELDS = [...CREATION_FIELDS, 'clone', 'alsoClone', 'forwards'] as const satisfies readonly (keyof TemplateFile)[]
export type TemplateField = (typeof TEMPLATE_FIELDS)[number]

/** The values that a template gives, each by the name of its part: `distro`, `env.NODE_ENV`, `limits.cpus`, `forwards.3000`. */
export function templateParts(template: TemplateFile): Map<string, unknown> {
  const parts = new Map<string, unknown>()
  for (const field of TEMPLATE_FIELDS) {
    const value: unknown = template[field]
    if (value === undefined) continue
    if (field === 'env' || field === 'limits')
      for (const [name, part] of Object.entries(value as object)) parts.set(`${field}.${name}`, part)
    else if (field === 'forwards') for (const forward of template.forwards ?? []) parts.set(forwardPart(forward), forward)
    else parts.set(field, value)
  }
  return parts
}

/** The field that a part is of. */
export function fieldOfPart(part: string): TemplateField {
  const dot = part.indexOf('.')
  return (dot === -1 ? part : part.slice(0, dot)) as TemplateField
}

/** “forwards.3000”, “forwards.3000 db” for one of a nested container. */
function forwardPart({ port, container }: { port: number; container: string | null }): string {
  return `forwards.${port}${container === null ? '' : ` ${container}`}`
}

/** The port that a part of `forwards` is of. */
export function forwardOfPart(part: string): { port: number; container: string | null } {
  const [port, container = null] = part.slice('forwards.'.length).split(' ')
  return { port: Number(port), container }
}
