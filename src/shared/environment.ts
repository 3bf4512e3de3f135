import { z } from 'zod'
import { BerthError } from './errors'
import { isUnsealed, type Open, SECRET_MASK, type Seal, type SealedSecret, storedSecretSchema, type Vault } from './secret'

const variableNameSchema = z
  .string()
  .max(256)
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'A variable name can only have letters, digits and underscores, and cannot start with a digit.')

const variableValueSchema = z
  .string()
  // The kernel starts no program with a variable of 128 KiB or more, its name included.
  .refine((value) => new TextEncoder().encode(value).length <= 130_000, 'A value can have at most 130,000 bytes.')
  .refine((value) => !value.includes('\0'), 'A value cannot contain a NUL.')

const atMost512 = (env: object) => Object.keys(env).length <= 512
const TOO_MANY = 'At most 512 variables are allowed.'

/**
 * The kernel starts no program with more than 2 MiB of variables and arguments. A workspace has its own variables and those of the settings, each at
 * most this, which leaves room for arguments.
 */
const MAX_TOTAL_BYTES = 900_000
const TOO_LARGE = `The variables have more than ${MAX_TOTAL_BYTES.toLocaleString('en')} bytes in total, including names.`

function fitTogether(environment: Record<string, string | null>): boolean {
  const encoder = new TextEncoder()
  const bytes = Object.entries(environment).map(([name, value]) => name.length + encoder.encode(value ?? '').length)
  return bytes.reduce((sum, size) => sum + size, 0) <= MAX_TOTAL_BYTES
}

/** Variables by name. */
export const environmentSchema = z
  .record(variableNameSchema, variableValueSchema)
  .refine(atMost512, TOO_MANY)
  .refine(fitTogether, TOO_LARGE)

/** Variables as they are kept: every value is a secret. */
export const sealedEnvironmentSchema = z.record(variableNameSchema, storedSecretSchema).refine(atMost512, TOO_MANY)
export type SealedEnvironment = Record<string, SealedSecret>

/** A change of variables: those that are left out stay as they are, null takes one away. */
export const environmentPatchSchema = z
  .record(variableNameSchema, variableValueSchema.nullable())
  .refine(atMost512, TOO_MANY)
  .refine(fitTogether, TOO_LARGE)
export type EnvironmentPatch = z.infer<typeof environmentPatchSchema>

/** The variables after the change. A mask leaves the value as it is. Throws INPUT_INVALID where there is none, and for too much in all. */
export function changeEnvironment(environment: SealedEnvironment, changes: EnvironmentPatch, vault: Vault): SealedEnvironment {
  const changed = new Map(Object.entries(environment))
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) changed.delete(name)
    else if (value !== SECRET_MASK) changed.set(name, vault.seal(value))
    else if (!changed.has(name)) throw maskWithoutValue(name)
  }
  const after = Object.fromEntries(changed)
  if (!fitTogether(openEnvironment(after, vault.open).variables)) throw tooLarge()
  return after
}

/** Exactly these variables; a mask stands for the value that there is. */
export function replaceEnvironment(environment: SealedEnvironment, next: Record<string, string>, vault: Vault): SealedEnvironment {
  const kept = Object.entries(environment).filter(([name]) => Object.hasOwn(next, name))
  return changeEnvironment(Object.fromEntries(kept), next, vault)
}

export function sealEnvironment(environment: Record<string, string>, seal: Seal): SealedEnvironment {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, seal(value)]))
}

/**
 * With the values sealed that an older Berth, or a person with an editor, has left as they are; the same object where there are none. Those that
 * cannot be read stay what they are.
 */
export function sealUnsealed(environment: SealedEnvironment, vault: Vault): SealedEnvironment {
  if (!Object.values(environment).some(isUnsealed)) return environment
  const sealed = Object.entries(environment).map(([name, value]) => [name, isUnsealed(value) ? vault.seal(vault.open(value) ?? '') : value])
  return Object.fromEntries(sealed)
}

/** The values, and the names of those that cannot be read any more. */
export function openEnvironment(environment: SealedEnvironment, open: Open): { variables: Record<string, string>; lost: string[] } {
  const opened = Object.entries(environment).map(([name, value]) => [name, open(value)] as const)
  return {
    variables: Object.fromEntries(opened.filter((entry): entry is readonly [string, string] => entry[1] !== null)),
    lost: opened.filter(([, value]) => value === null).map(([name]) => name),
  }
}

/** Its names, each with a mask in the place of the value: what doors show. */
export function maskEnvironment(environment: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.keys(environment).map((name) => [name, SECRET_MASK]))
}

/** Variables as they are shown to somebody who asked for their values. */
export const shownEnvironmentSchema = z.object({
  variables: z.record(z.string(), z.string()).describe('Values by name; masked unless requested.'),
  lost: z
    .array(z.string())
    .describe('Names of variables whose values can no longer be decrypted because their key is gone. Set them again.'),
})
export type ShownEnvironment = z.infer<typeof shownEnvironmentSchema>

export function showEnvironment(environment: SealedEnvironment, open: Open, reveal: boolean): ShownEnvironment {
  const { variables, lost } = openEnvironment(environment, open)
  return { variables: reveal ? variables : maskEnvironment(variables), lost }
}

function tooLarge(): BerthError {
  return new BerthError('INPUT_INVALID', TOO_LARGE, {
    issues: [{ path: 'env', message: TOO_LARGE }],
    next: 'Remove variables you do not need, or copy long values into the workspace as files.',
  })
}

function maskWithoutValue(name: string): BerthError {
  return new BerthError('INPUT_INVALID', `${name} has no value yet, so “${SECRET_MASK}” cannot be used.`, {
    issues: [{ path: `env.${name}`, message: 'It has no value yet.' }],
    next: `Enter a value for ${name}.`,
  })
}
