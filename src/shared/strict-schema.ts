import { z } from 'zod'
import { nearestName } from './nearest-name'

/** The schema with all its objects strict: an unknown field is refused by name. Descriptions and checks stay. */
export function strictly(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodObject) {
    const shape = Object.fromEntries(Object.entries(schema.shape).map(([name, field]) => [name, strictly(field)]))
    const names = Object.keys(shape)
    const before = schema.def.error
    return rebuilt(schema, {
      shape,
      // A record-like object says itself what else it takes.
      ...(isOpen(schema) ? {} : { catchall: z.never() }),
      error: (issue: z.core.$ZodRawIssue) =>
        issue.code === 'unrecognized_keys' ? unknownFields(issue.keys, names) : before?.(issue as never),
    })
  }
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodCatch
  )
    return rebuilt(schema, { innerType: strictly(schema.def.innerType) })
  if (schema instanceof z.ZodArray) return rebuilt(schema, { element: strictly(schema.def.element) })
  if (schema instanceof z.ZodUnion) return rebuilt(schema, { options: schema.def.options.map(strictly) })
  if (schema instanceof z.ZodRecord) return rebuilt(schema, { valueType: strictly(schema.def.valueType) })
  if (schema instanceof z.ZodPipe) return rebuilt(schema, { in: strictly(schema.def.in) })
  return schema
}

function isOpen({ def: { catchall } }: z.ZodObject): boolean {
  return catchall !== undefined && !(catchall instanceof z.ZodNever)
}

function rebuilt(schema: z.core.$ZodType, changed: Record<string, unknown>): z.core.$ZodType {
  return z.core.clone(schema, { ...schema._zod.def, ...changed } as never, { parent: true })
}

function unknownFields(given: readonly string[], known: readonly string[]): string {
  return given
    .map((name) => {
      const meant = nearestName(name, known)
      return `Unknown field “${name}”.${meant === null ? '' : ` Did you mean “${meant}”?`}`
    })
    .join(' ')
}
