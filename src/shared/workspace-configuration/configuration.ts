import type { z } from 'zod'
import { maskEnvironment, openEnvironment, type SealedEnvironment, sealEnvironment } from '../environment'
import { BerthError } from '../errors'
import type { Open, Seal, Vault } from '../secret'
import { FIELD_SCHEMAS, type FieldInput, type FieldValue, type ShownValue } from './field-schemas'
import {
  ARCHIVED_FIELDS,
  type ArchivedField,
  CHANGEABLE_FIELDS,
  type ChangeableField,
  CREATION_FIELDS,
  type CreationField,
  FIELD_NAMES,
  type FieldName,
  WORKSPACE_FIELDS,
} from './fields'

/** Everything that was chosen for a workspace. */
export type Configuration = { [Name in FieldName]: FieldValue<Name> }
/** The same as views have it: secrets are masked. */
export type ShownConfiguration = { [Name in FieldName]: ShownValue<Name> }

type Given<Name extends FieldName> = { [Field in Name]?: FieldInput<Field> | undefined }
/** What can be given for a new workspace. */
export type CreationConfiguration = Given<CreationField>
/** What can be changed of one that exists. */
export type ConfigurationChange = Given<ChangeableField>

/** Secrets as they are, or left out. */
export type ArchivedConfiguration = Pick<ShownConfiguration, ArchivedField>

type Schemas = typeof FIELD_SCHEMAS

/** An object with a value for each of these fields. */
function forEach<Result>(names: readonly FieldName[], value: (name: FieldName) => unknown): Result {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Result
}

/** For the view of a workspace. */
export const viewShape = forEach<{ [Name in FieldName]: Schemas[Name]['shown'] }>(FIELD_NAMES, (name) => FIELD_SCHEMAS[name].shown)

const withDefault = (name: FieldName, form: 'schema' | 'shown') =>
  (FIELD_SCHEMAS[name][form] as z.ZodType).default(FIELD_SCHEMAS[name].initial)

/** For records. Those of older Berths do not have newer fields. */
export const recordShape = forEach<{ [Name in FieldName]: z.ZodDefault<Schemas[Name]['schema']> }>(FIELD_NAMES, (name) =>
  withDefault(name, 'schema'),
)

/** For archives. Those of older Berths do not have newer fields. */
export const archiveShape = forEach<{ [Name in ArchivedField]: z.ZodDefault<Schemas[Name]['shown']> }>(ARCHIVED_FIELDS, (name) =>
  withDefault(name, 'shown'),
)

type InputShape<Name extends FieldName> = { [Field in Name]: z.ZodOptional<Schemas[Field]['input']> }
const input = (name: FieldName) => FIELD_SCHEMAS[name].input.optional()

/** For what creates a workspace. */
export const creationShape = forEach<InputShape<CreationField>>(CREATION_FIELDS, input)

/** For what changes one. */
export const changeShape = forEach<InputShape<ChangeableField>>(CHANGEABLE_FIELDS, input)

/** Of a workspace for which nothing was chosen. */
export const initialConfiguration = forEach<Configuration>(FIELD_NAMES, (name) => FIELD_SCHEMAS[name].initial)

/** Of a record that has more. */
export function configurationOf(record: Configuration): Configuration {
  return forEach(FIELD_NAMES, (name) => record[name])
}

const isSecret = (name: FieldName) => WORKSPACE_FIELDS[name].kind === 'variables'

/** As doors show it. */
export function shownConfiguration(record: Configuration): ShownConfiguration {
  return forEach(FIELD_NAMES, (name) => (isSecret(name) ? maskEnvironment(record[name] as SealedEnvironment) : record[name]))
}

interface UntypedField {
  schema: z.ZodType
  change(current: unknown, given: unknown, vault: Vault): unknown
}

/** The fields that `given` sets, after the change. Throws INPUT_INVALID for values that do not fit the existing ones. */
export function changeConfiguration(current: Configuration, given: Given<FieldName>, vault: Vault): Partial<Configuration> {
  const changed = FIELD_NAMES.filter((name) => given[name] !== undefined)
  return forEach(changed, (name) => {
    const { schema, change } = FIELD_SCHEMAS[name] as UntypedField
    const checked = schema.safeParse(change(current[name], given[name], vault))
    if (checked.success) return checked.data
    const message = checked.error.issues[0]?.message ?? 'It is invalid.'
    throw new BerthError('INPUT_INVALID', `${WORKSPACE_FIELDS[name].title}: ${message}`, {
      issues: [{ path: name, message }],
      next: 'Change it, then try again.',
    })
  })
}

/** Of these fields those that are given. */
export function pickGiven<Name extends FieldName>(given: Given<Name>, names: readonly Name[]): Given<Name> {
  const values: Given<FieldName> = given
  return forEach(
    names.filter((name) => values[name] !== undefined),
    (name) => values[name],
  )
}

/** What a copy begins with: the fields that are carried to it, and the rest as in a workspace for which nothing was chosen. */
export function clonedConfiguration(source: Configuration): Configuration {
  return forEach(FIELD_NAMES, (name) => (WORKSPACE_FIELDS[name].carried.clone ? source[name] : initialConfiguration[name]))
}

/** What goes into an exported file, and the names of the secrets that are left out: all without `open`, or those that it cannot read. */
export function archivedConfiguration(
  configuration: Configuration,
  open: Open = () => null,
): { archived: ArchivedConfiguration; leftOut: string[] } {
  const leftOut: string[] = []
  const archived = forEach<ArchivedConfiguration>(ARCHIVED_FIELDS, (name) => {
    if (!isSecret(name)) return configuration[name]
    const { variables, lost } = openEnvironment(configuration[name] as SealedEnvironment, open)
    leftOut.push(...lost)
    return variables
  })
  return { archived, leftOut }
}

/** What a workspace imported from a file begins with. */
export function importedConfiguration(archived: ArchivedConfiguration, seal: Seal): Configuration {
  const values: Partial<ShownConfiguration> = archived
  const imported = forEach<Partial<Configuration>>(ARCHIVED_FIELDS, (name) =>
    isSecret(name) ? sealEnvironment(values[name] as Record<string, string>, seal) : values[name],
  )
  return { ...initialConfiguration, ...imported }
}
