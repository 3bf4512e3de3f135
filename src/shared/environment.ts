import { z } from 'zod'

const variableNameSchema = z
  .string()
  .max(256)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'A variable name has letters, digits and underscores only, and no digit first.')

const variableValueSchema = z
  .string()
  // The kernel starts no program with a variable of 128 KiB or more, its name included.
  .refine((value) => new TextEncoder().encode(value).length <= 130_000, 'A value has at most 130,000 bytes.')
  .refine((value) => !value.includes('\0'), 'A value cannot hold a NUL.')

const atMost512 = (env: object) => Object.keys(env).length <= 512

/** Variables by name. */
export const environmentSchema = z.record(variableNameSchema, variableValueSchema).refine(atMost512, 'At most 512 variables.')

/** A change of variables: those that are left out stay as they are, null takes one away. */
export const environmentPatchSchema = z
  .record(variableNameSchema, variableValueSchema.nullable())
  .refine(atMost512, 'At most 512 variables.')
export type EnvironmentPatch = z.infer<typeof environmentPatchSchema>

/** The variables as they are after the change. */
export function changeEnvironment(environment: Record<string, string>, changes: EnvironmentPatch): Record<string, string> {
  const changed = Object.entries({ ...environment, ...changes })
  return Object.fromEntries(changed.filter((entry): entry is [string, string] => entry[1] !== null))
}
