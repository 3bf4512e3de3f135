import type { z } from 'zod'
import { BerthError } from '../errors'
import { FIELD_SCHEMAS, type FieldInput, type FieldValue } from './field-schemas'
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

type Given<Name extends FieldName> = { [Field in Name]?: FieldInput<Field> | undefined }
/** What can be given for a new workspace. */
export type CreationConfiguration = Given<CreationField>
/** What can be changed of one that exists. */
export type ConfigurationChange = Given<ChangeableField>

export type ArchivedConfiguration = Pick<Configuration, ArchivedField>

type Schemas = typeof FIELD_SCHEMAS

/** An object with a value for each of these fields. */
function forEach<Result>(names: readonly FieldName[], value: (name: FieldName) => unknown): Result {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Result
}

/** For the view of a workspace. */
export const viewShape = forEach<{ [Name in FieldName]: Schemas[Name]['schema'] }>(FIELD_NAMES, (name) => FIELD_SCHEMAS[name].schema)

const withDefault = (name: FieldName) => (FIELD_SCHEMAS[name].schema as z.ZodType).default(FIELD_SCHEMAS[name].initial)

/** For records. Those of older Berths lack newer fields. */
export const recordShape = forEach<{ [Name in FieldName]: z.ZodDefault<Schemas[Name]['schema']> }>(FIELD_NAMES, withDefault)

/** For archives. Those of older Berths lack newer fields. */
export const archiveShape = forEach<{ [Name in ArchivedField]: z.ZodDefault<Schemas[Name]['schema']> }>(ARCHIVED_FIELDS, withDefault)

type InputShape<Name extends FieldName> = { [Field in Name]: z.ZodOptional<Schemas[Field]['input']> }
const input = (name: FieldName) => FIELD_SCHEMAS[name].input.optional()

/** For what creates a workspace. */
export const creationShape = forEach<InputShape<CreationField>>(CREATION_FIELDS, input)

/** For what changes one. */
export const changeShape = forEach<InputShape<ChangeableField>>(CHANGEABLE_FIELDS, input)

/** Of a workspace for which nothing was chosen. */
export const initialConfiguration = forEach<Configuration>(FIELD_NAMES, (name) => FIELD_SCHEMAS[name].initial)

/** Of a record or view that has more. */
export function configurationOf(workspace: Configuration): Configuration {
  return forEach(FIELD_NAMES, (name) => workspace[name])
}

interface UntypedField {
  schema: z.ZodType
  change(current: unknown, given: unknown): unknown
}

/** The fields that `given` sets, as they are then. Throws INPUT_INVALID for what fits alone and not with what is there. */
export function changeConfiguration(current: Configuration, given: Given<FieldName>): Partial<Configuration> {
  const changed = FIELD_NAMES.filter((name) => given[name] !== undefined)
  return forEach(changed, (name) => {
    const { schema, change } = FIELD_SCHEMAS[name] as UntypedField
    const checked = schema.safeParse(change(current[name], given[name]))
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
export function carriedConfiguration(source: Partial<Configuration>, by: 'clone' | 'archive'): Configuration {
  return forEach(FIELD_NAMES, (name) => (WORKSPACE_FIELDS[name].carried[by] ? source[name] : undefined) ?? initialConfiguration[name])
}

/** What goes into an exported file. */
export function archivedConfiguration(configuration: Configuration): ArchivedConfiguration {
  return forEach(ARCHIVED_FIELDS, (name) => configuration[name])
}
