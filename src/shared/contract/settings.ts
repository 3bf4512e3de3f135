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
  .number('Give two whole numbers.')
  .int('Give two whole numbers.')
  .min(1024, 'Give ports from 1024 to 65535.')
  .max(65_535, 'Give ports from 1024 to 65535.')

const portRangeSchema = z
  .object({ from: userPortSchema, to: userPortSchema })
  .refine(({ from, to }) => from <= to, 'The range ends before it starts.')

const groupsSchema = z
  .array(
    z
      .array(z.string().min(1, 'A name is missing.').max(MAX_NAME_LENGTH, `A name has at most ${MAX_NAME_LENGTH} characters.`))
      .min(2, 'Give at least two names in a group, with a comma between them.')
      .max(MAX_GROUP_SIZE, `A group has at most ${MAX_GROUP_SIZE} workspaces.`),
  )
  .max(MAX_GROUPS, `There can be at most ${MAX_GROUPS} groups.`)

/** What any setting of its kind may hold. */
export function schemaOfSetting(setting: SettingDefinition): z.ZodType {
  switch (setting.kind) {
    case 'switch':
      return z.boolean()
    case 'number': {
      const message = `Give a whole number from ${setting.min.toLocaleString('en')} to ${setting.max.toLocaleString('en')}.`
      return z.number(message).int(message).min(setting.min, message).max(setting.max, message)
    }
    case 'choice':
      return z.enum(setting.options.map(({ value }) => value))
    case 'text':
      return z.string().min(1).max(setting.maxLength, `Give at most ${setting.maxLength} characters.`).nullable()
    case 'size':
      return sizeLimitSchema.nullable()
    case 'list':
      return z
        .array(z.string().min(1).max(setting.maxLength, `Give at most ${setting.maxLength} characters in a line.`))
        .max(setting.maxItems, `Give at most ${setting.maxItems} lines.`)
    case 'choices':
      return z.array(z.enum(setting.options.map(({ value }) => value))).max(setting.options.length)
    case 'secret':
      return z
        .string()
        .min(1)
        .max(setting.maxLength, `Give at most ${setting.maxLength} characters.`)
        .refine((value) => !/\p{Cc}/u.test(value), 'It cannot hold control characters.')
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

/** Of what is set anew, more is asked than of what a file holds: that is refused where it is needed, so that Berth starts. */
const STRICTER: { readonly [Key in SettingKey]?: SchemaOf<SettingValues[Key]> } = {
  image: imageReferenceSchema.nullable(),
  libraryFolder: hostPathSchema.nullable(),
  timeZone: timeZoneSchema.nullable(),
  locale: localeSchema.nullable(),
  initScript: hostPathSchema.nullable(),
  postStart: z.array(hostPathSchema).max(SETTINGS.postStart.maxItems, `Give at most ${SETTINGS.postStart.maxItems} paths.`),
  syncFiles: z.array(syncPathSchema).max(SETTINGS.syncFiles.maxItems, `Give at most ${SETTINGS.syncFiles.maxItems} paths.`),
  syncSshKeys: z.array(hostPathSchema).max(SETTINGS.syncSshKeys.maxItems, `Give at most ${SETTINGS.syncSshKeys.maxItems} paths.`),
  authorizedKeys: z
    .array(authorizedKeySchema)
    .max(SETTINGS.authorizedKeys.maxItems, `Give at most ${SETTINGS.authorizedKeys.maxItems} keys.`),
  gitCredentialHosts: z
    .array(credentialHostSchema)
    .max(SETTINGS.gitCredentialHosts.maxItems, `Give at most ${SETTINGS.gitCredentialHosts.maxItems} hosts.`),
  nestedAddressPools: z
    .array(addressPoolSchema)
    .max(SETTINGS.nestedAddressPools.maxItems, `Give at most ${SETTINGS.nestedAddressPools.maxItems} pools.`),
  defaultEngine: engineNameSchema.nullable(),
  engineEndpoint: z
    .string()
    .max(SETTINGS.engineEndpoint.maxLength)
    .regex(/^(unix|tcp|npipe|http|https|ssh):\/\/./, 'Give an address such as unix:///var/run/docker.sock or tcp://host:2375.')
    .nullable(),
  terminalFontFamily: z
    .string()
    .min(1)
    .max(SETTINGS.terminalFontFamily.maxLength)
    .regex(/^[^;{}]*$/, 'Give the name of a font, or several with commas between them.')
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
  get: procedure.route({ method: 'GET', path: '/settings', tags: ['Settings'], summary: 'All settings' }).output(settingsSchema),
  environment: procedure
    .route({
      method: 'GET',
      path: '/settings/environment',
      tags: ['Settings'],
      summary: 'The variables of every workspace; their values only when asked for',
    })
    .input(z.object({ reveal: z.boolean().default(false).describe('With the values.') }))
    .output(shownEnvironmentSchema),
  update: procedure
    .route({ method: 'PATCH', path: '/settings', tags: ['Settings'], summary: 'Change some settings; the rest stay' })
    .input(settingsPatchSchema)
    .output(settingsSchema),
}
