/** Headings of the Settings screen, in its order. */
export const SETTING_SECTIONS = {
  appearance: { title: 'Appearance' },
  terminal: { title: 'Terminal' },
  workspaces: { title: 'Workspaces' },
  credentials: { title: 'Files and credentials' },
  storage: { title: 'Storage' },
  snapshots: { title: 'Snapshots' },
  network: { title: 'Network' },
  engine: { title: 'Engine' },
  desktop: { title: 'Desktop', door: 'desktop' },
} as const satisfies Record<string, { title: string /** Shown by that door only. */; door?: 'desktop' }>

export type SettingSection = keyof typeof SETTING_SECTIONS

interface SettingBase<Value> {
  section: SettingSection
  title: string
  /** One or two sentences, for all doors. */
  description?: string
  default: Value
  /** Shown while it has that value. */
  warning?: { when: Value; text: string }
}

export interface SwitchSetting extends SettingBase<boolean> {
  kind: 'switch'
}

export interface NumberSetting extends SettingBase<number> {
  kind: 'number'
  min: number
  max: number
}

export interface ChoiceSetting<Value extends string = string> extends SettingBase<Value> {
  kind: 'choice'
  options: readonly { value: Value; label: string }[]
}

/** null leaves it to Berth. */
export interface TextSetting extends SettingBase<string | null> {
  kind: 'text'
  maxLength: number
  /** What an empty field means. */
  placeholder: string
}

/** Bytes; null for no limit. */
export interface SizeSetting extends SettingBase<number | null> {
  kind: 'size'
}

/** Texts, each of one line. */
export interface ListSetting extends SettingBase<string[]> {
  kind: 'list'
  maxItems: number
  maxLength: number
  placeholder: string
}

/** Any number of the options. */
export interface ChoicesSetting extends SettingBase<string[]> {
  kind: 'choices'
  options: readonly { value: string; label: string }[]
}

/** Sealed wherever it is kept; doors show a mask. null for none. */
export interface SecretSetting extends SettingBase<string | null> {
  kind: 'secret'
  maxLength: number
}

/** Both ends included. */
export interface PortRangeSetting extends SettingBase<{ from: number; to: number }> {
  kind: 'port-range'
}

/** Groups of workspaces, by name. */
export interface GroupsSetting extends SettingBase<string[][]> {
  kind: 'groups'
}

/** Variables by name. */
export interface VariablesSetting extends SettingBase<Record<string, string>> {
  kind: 'variables'
}

export type SettingDefinition =
  | SwitchSetting
  | NumberSetting
  | ChoiceSetting
  | TextSetting
  | SizeSetting
  | ListSetting
  | ChoicesSetting
  | SecretSetting
  | PortRangeSetting
  | GroupsSetting
  | VariablesSetting

type Without<Definition> = Omit<Definition, 'kind'>

export const toggle = (setting: Without<SwitchSetting>): SwitchSetting => ({ kind: 'switch', ...setting })
export const number = (setting: Without<NumberSetting>): NumberSetting => ({ kind: 'number', ...setting })
export const choice = <const Value extends string>(setting: Without<ChoiceSetting<Value>>): ChoiceSetting<Value> => ({
  kind: 'choice',
  ...setting,
})
export const text = (setting: Without<TextSetting>): TextSetting => ({ kind: 'text', ...setting })
export const size = (setting: Without<SizeSetting>): SizeSetting => ({ kind: 'size', ...setting })
export const list = (setting: Without<ListSetting>): ListSetting => ({ kind: 'list', ...setting })
export const choices = (setting: Without<ChoicesSetting>): ChoicesSetting => ({ kind: 'choices', ...setting })
export const secret = (setting: Without<SecretSetting>): SecretSetting => ({ kind: 'secret', ...setting })
export const portRange = (setting: Without<PortRangeSetting>): PortRangeSetting => ({ kind: 'port-range', ...setting })
export const groups = (setting: Without<GroupsSetting>): GroupsSetting => ({ kind: 'groups', ...setting })
export const variables = (setting: Without<VariablesSetting>): VariablesSetting => ({ kind: 'variables', ...setting })
