import { z } from 'zod'
import { addressPoolSchema } from '../address-pool'
import { credentialHostSchema } from '../credential-host'
import { environmentSchema, shownEnvironmentSchema } from '../environment'
import { hostPathSchema } from '../host-path'
import { imageReferenceSchema } from '../image-reference'
import { sizeLimitSchema } from '../limits'
import { localeSchema } from '../locale'
import type { SettingDefinition } from '../settings/setting-kinds'
import { SETTING_KEYS, SETTINGS, type SettingKey, type SettingValues } from '../settings/settings-table'
import { authorizedKeySchema, syncPathSchema } from '../sync-path'
import { timeZoneSchema } from '../time-zone'
import { MAX_NAME_LENGTH } from '../workspace-name'
import { procedure } from './base'
import { engineNameSchema } from './engines'

/** The same going in and coming out. */
type SchemaOf<Value> = z.ZodType<Value, Value>

const MAX_GROUPS = 50
const MAX_GROUP_SIZE = 50

const userPortSchema = z
  .number('Enter two whole numbers.')
  .int('Enter two whole numbers.')
  .min(1024, 'Use ports from 1024 to 65535.')
  .max(65_535, 'Use ports from 1024 to 65535.')

const portRangeSchema = z
  .object({ from: userPortSchema, to: userPortSchema })
  .refine(({ from, to }) => from <= to, 'The range ends before it starts.')

const groupsSchema = z
  .array(
    z
      .array(z.string().min(1, 'Enter a name.').max(MAX_NAME_LENGTH, `A name can have at most ${MAX_NAME_LENGTH} characters.`))
      .min(2, 'Enter at least two names per group, separated by commas.')
      .max(MAX_GROUP_SIZE, `A group can have at most ${MAX_GROUP_SIZE} workspaces.`),
  )
  .max(MAX_GROUPS, `There can be at most ${MAX_GROUPS} groups.`)

/** What any setting of its kind may hold. */
export function schemaOfSetting(setting: SettingDefinition): z.ZodType {
  switch (setting.kind) {
    case 'switch':
      return z.boolean()
    case 'number': {
      const message = `Enter a whole number from ${setting.min.toLocaleString('en')} to ${setting.max.toLocaleString('en')}.`
      return z.number(message).int(message).min(setting.min, message).max(setting.max, message)
    }
    case 'choice':
      return z.enum(setting.options.map(({ value }) => value))
    case 'text':
      return z.string().min(1).max(setting.maxLength, `Enter at most ${setting.maxLength} characters.`).nullable()
    case 'size':
      return sizeLimitSchema.nullable()
    case 'list':
      return z
        .array(z.string().min(1).max(setting.maxLength, `Enter at most ${setting.maxLength} characters per line.`))
        .max(setting.maxItems, `Enter at most ${setting.maxItems} lines.`)
    case 'choices':
      return z.array(z.enum(setting.options.map(({ value }) => value))).max(setting.options.length)
    case 'secret':
      return z
        .string()
        .min(1)
        .max(setting.maxLength, `Enter at most ${setting.maxLength} characters.`)
        .refine((value) => !/\p{Cc}/u.test(value), 'It cannot contain control characters.')
        .nullable()
    case 'port-range':
      return portRangeSchema
    case 'groups':
      return groupsSchema
    case 'variables':
      return environmentSchema
    default:
      return setting satisfies never
  }
}

/** New values are checked more strictly than those in a file: a file's values are refused where they are used, so that Berth can start. */
const STRICTER: { readonly [Key in SettingKey]?: SchemaOf<SettingValues[Key]> } = {
  image: imageReferenceSchema.nullable(),
  libraryFolder: hostPathSchema.nullable(),
  timeZone: timeZoneSchema.nullable(),
  locale: localeSchema.nullable(),
  initScript: hostPathSchema.nullable(),
  postStart: z.array(hostPathSchema).max(SETTINGS.postStart.maxItems, `Enter at most ${SETTINGS.postStart.maxItems} paths.`),
  syncFiles: z.array(syncPathSchema).max(SETTINGS.syncFiles.maxItems, `Enter at most ${SETTINGS.syncFiles.maxItems} paths.`),
  syncSshKeys: z.array(hostPathSchema).max(SETTINGS.syncSshKeys.maxItems, `Enter at most ${SETTINGS.syncSshKeys.maxItems} paths.`),
  authorizedKeys: z
    .array(authorizedKeySchema)
    .max(SETTINGS.authorizedKeys.maxItems, `Enter at most ${SETTINGS.authorizedKeys.maxItems} keys.`),
  gitCredentialHosts: z
    .array(credentialHostSchema)
    .max(SETTINGS.gitCredentialHosts.maxItems, `Enter at most ${SETTINGS.gitCredentialHosts.maxItems} hosts.`),
  nestedAddressPools: z
    .array(addressPoolSchema)
    .max(SETTINGS.nestedAddressPools.maxItems, `Enter at most ${SETTINGS.nestedAddressPools.maxItems} pools.`),
  defaultEngine: engineNameSchema.nullable(),
  engineEndpoint: z
    .string()
    .max(SETTINGS.engineEndpoint.maxLength)
    .regex(/^(unix|tcp|npipe|http|https|ssh):\/\/./, 'Enter an address such as unix:///var/run/docker.sock or tcp://host:2375.')
    .nullable(),
  terminalFontFamily: z
    .string()
    .min(1)
    .max(SETTINGS.terminalFontFamily.maxLength)
    .regex(/^[^;{}]*$/, 'Enter the name of a font, or several separated by commas.')
    .nullable(),
}

function shape<Shape>(schemaFor: (key: SettingKey) => z.ZodType): Shape {
  return Object.fromEntries(SETTING_KEYS.map((key) => [key, schemaFor(key)])) as Shape
}

const describe = ({ title, description }: SettingDefinition): string => (description === undefined ? title : `${title}. ${description}`)

export const settingsSchema = z.object(
  shape<{ [Key in SettingKey]: z.ZodDefault<SchemaOf<SettingValues[Key]>> }>((key) =>
    schemaOfSetting(SETTINGS[key]).default(SETTINGS[key].default).describe(describe(SETTINGS[key])),
  ),
)
export type Settings = z.infer<typeof settingsSchema>

/** Each field without its default, so that leaving one out leaves it as it was. */
export const settingsPatchSchema = z
  .object(
    shape<{ [Key in SettingKey]: SchemaOf<SettingValues[Key]> }>((key) =>
      (STRICTER[key] ?? schemaOfSetting(SETTINGS[key])).describe(describe(SETTINGS[key])),
    ),
  )
  .partial()
  .strict()
export type SettingsPatch = z.infer<typeof settingsPatchSchema>

export const settings = {
  get: procedure.route({ method: 'GET', path: '/settings', tags: ['Settings'], summary: 'Get all settings' }).output(settingsSchema),
  environment: procedure
    .route({
      method: 'GET',
      path: '/settings/environment',
      tags: ['Settings'],
      summary: 'Get the variables of all workspaces; values only on request',
    })
    .input(z.object({ reveal: z.boolean().default(false).describe('Include the values.') }))
    .output(shownEnvironmentSchema),
  update: procedure
    .route({ method: 'PATCH', path: '/settings', tags: ['Settings'], summary: 'Change settings; those left out stay as they are' })
    .input(settingsPatchSchema)
    .output(settingsSchema),
}
