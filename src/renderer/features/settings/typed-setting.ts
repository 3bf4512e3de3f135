import { NOT_A_SIZE, parseSize, sizeText } from '../../../shared/byte-size'
import { type SettingsPatch, settingsPatchSchema } from '../../../shared/contract/settings'
import type { SettingDefinition } from '../../../shared/settings/setting-kinds'
import type { SettingKey } from '../../../shared/settings/settings-table'
import { formatEnvLines, parseEnvLines, typedLines } from '../../workspace-model/workspaces/parse-draft'

/** A setting whose value is typed as text. */
export type TypedSetting = Extract<SettingDefinition, { kind: 'text' | 'number' | 'size' | 'list' | 'secret' | 'groups' | 'variables' }>

type Read<Value> = { value: Value } | { problem: string }

/** A value as the text of its field, and back. Limits are checked by the contract’s schema. */
interface TextForm<Value> {
  show(value: Value): string
  read(typed: string): Read<Value>
}

const FORMS: { readonly [Kind in TypedSetting['kind']]: TextForm<Extract<TypedSetting, { kind: Kind }>['default']> } = {
  text: {
    show: (value) => value ?? '',
    read: (typed) => ({ value: typed.trim() === '' ? null : typed.trim() }),
  },
  number: {
    show: String,
    // NaN for what is no number: the schema has the words for it.
    read: (typed) => ({ value: /^\d{1,9}$/.test(typed.trim()) ? Number(typed.trim()) : Number.NaN }),
  },
  size: {
    show: (value) => (value === null ? '' : sizeText(value)),
    read: (typed) => {
      const bytes = typed.trim() === '' ? null : parseSize(typed)
      return bytes === null && typed.trim() !== '' ? { problem: NOT_A_SIZE } : { value: bytes }
    },
  },
  // Masked when it is set: what is typed takes its place.
  secret: {
    show: (value) => value ?? '',
    read: (typed) => ({ value: typed.trim() === '' ? null : typed.trim() }),
  },
  list: {
    show: (value) => value.join('\n'),
    read: (typed) => ({ value: typedLines(typed) }),
  },
  groups: {
    show: (value) => value.map((group) => group.join(', ')).join('\n'),
    read: (typed) => ({ value: typedLines(typed).map((line) => line.split(',').map((name) => name.trim())) }),
  },
  variables: {
    show: formatEnvLines,
    read: (typed) => {
      const parsed = parseEnvLines(typed)
      return parsed.ok ? { value: parsed.env } : { problem: parsed.problem }
    },
  },
}

const formOf = (setting: TypedSetting) => FORMS[setting.kind] as TextForm<unknown>

export function isTyped(setting: SettingDefinition): setting is TypedSetting {
  return setting.kind in FORMS
}

/** What the field of a setting shows; empty for none. */
export function typedText(setting: TypedSetting, value: unknown): string {
  return formOf(setting).show(value)
}

/** What is typed as the change that it makes, or why it cannot be kept. */
export function checkTyped(
  key: SettingKey,
  setting: TypedSetting,
  typed: string,
): { problem: string; change: null } | { problem: null; change: SettingsPatch } {
  const read = formOf(setting).read(typed)
  if ('problem' in read) return { problem: read.problem, change: null }
  const checked = settingsPatchSchema.safeParse({ [key]: read.value })
  return checked.success
    ? { problem: null, change: checked.data }
    : { problem: checked.error.issues[0]?.message ?? 'This value is not allowed.', change: null }
}
