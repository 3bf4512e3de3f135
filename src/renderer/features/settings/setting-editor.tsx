import { useState } from 'react'
import type { Settings, SettingsPatch } from '../../../shared/contract/settings'
import type { ChoiceSetting, ChoicesSetting, SettingDefinition, SwitchSetting } from '../../../shared/settings/setting-kinds'
import { SETTINGS, type SettingKey } from '../../../shared/settings/settings-table'
import { Checkbox } from '../../ui/checkbox'
import { TextArea, TextInput } from '../../ui/field'
import { Segmented } from '../../ui/segmented'
import { Toggle } from '../../ui/toggle'
import { SettingRow } from '../../workspace-model/settings/setting-row'
import { updateSettings } from '../../workspace-model/settings/update-settings'
import { PortRangeRow } from './port-range-row'
import { isTyped, type TypedSetting } from './typed-setting'
import { useTypedSetting } from './use-typed-setting'

interface EditorProps<Setting extends SettingDefinition = SettingDefinition> {
  name: SettingKey
  setting: Setting
  settings: Settings
}

/** The row of any setting, as its kind is edited. */
export function SettingEditor({ name, settings }: { name: SettingKey; settings: Settings }) {
  const setting: SettingDefinition = SETTINGS[name]
  if (isTyped(setting)) return <TypedRow name={name} setting={setting} settings={settings} />
  switch (setting.kind) {
    case 'switch':
      return <SwitchRow name={name} setting={setting} settings={settings} />
    case 'choice':
      return <ChoiceRow name={name} setting={setting} settings={settings} />
    case 'choices':
      return <ChoicesRow name={name} setting={setting} settings={settings} />
    case 'port-range':
      return <PortRangeRow setting={setting} settings={settings} />
    default:
      return setting satisfies never
  }
}

function warningOf({ warning }: SettingDefinition, value: unknown): string | null {
  return warning !== undefined && warning.when === value ? warning.text : null
}

/** What is chosen is kept at once. */
function useKept() {
  const [savedCount, setSavedCount] = useState(0)
  const keep = async (patch: SettingsPatch) => {
    if (await updateSettings(patch)) setSavedCount((count) => count + 1)
  }
  return { savedCount, keep }
}

function SwitchRow({ name, setting, settings }: EditorProps<SwitchSetting>) {
  const { savedCount, keep } = useKept()
  const isOn = settings[name] === true
  return (
    <SettingRow title={setting.title} description={setting.description} warning={warningOf(setting, isOn)} savedCount={savedCount}>
      {() => <Toggle label={setting.title} checked={isOn} onChange={(checked) => void keep({ [name]: checked })} />}
    </SettingRow>
  )
}

function ChoiceRow({ name, setting, settings }: EditorProps<ChoiceSetting>) {
  const { savedCount, keep } = useKept()
  const value = String(settings[name])
  return (
    <SettingRow title={setting.title} description={setting.description} warning={warningOf(setting, value)} savedCount={savedCount}>
      {() => <Segmented label={setting.title} value={value} options={setting.options} onChange={(next) => void keep({ [name]: next })} />}
    </SettingRow>
  )
}

function ChoicesRow({ name, setting, settings }: EditorProps<ChoicesSetting>) {
  const { savedCount, keep } = useKept()
  const chosen = settings[name] as string[]
  const others = (value: string) => chosen.filter((other) => other !== value)
  return (
    <SettingRow title={setting.title} description={setting.description} savedCount={savedCount}>
      {() => (
        <div className="flex flex-wrap gap-x-4 gap-y-1.5">
          {setting.options.map(({ value, label }) => (
            // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is its control
            <label key={value} className="flex items-center gap-1.5">
              <Checkbox
                label={label}
                checked={chosen.includes(value)}
                onChange={(checked) => void keep({ [name]: checked ? [...others(value), value] : others(value) })}
              />
              {label}
            </label>
          ))}
        </div>
      )}
    </SettingRow>
  )
}

function TypedRow({ name, setting, settings }: EditorProps<TypedSetting>) {
  const { problem, savedCount, control } = useTypedSetting(name, setting, settings)
  return (
    <SettingRow
      title={setting.title}
      description={setting.description}
      problem={problem}
      warning={warningOf(setting, settings[name])}
      savedCount={savedCount}
    >
      {({ labelledBy, describedBy }) => {
        const props = { ...control, 'aria-labelledby': labelledBy, 'aria-describedby': describedBy }
        switch (setting.kind) {
          case 'number':
            return <TextInput {...props} mono inputMode="numeric" className="max-w-24" />
          case 'size':
            return <TextInput {...props} mono placeholder="none" className="max-w-30" />
          case 'text':
            return <TextInput {...props} mono placeholder={setting.placeholder} />
          case 'secret':
            return <TextInput {...props} mono type="password" autoComplete="off" placeholder="none" />
          case 'list':
            return <TextArea {...props} rows={3} placeholder={setting.placeholder} />
          case 'groups':
            return <TextArea {...props} rows={2} placeholder={'api, db\nA group on each line'} />
          case 'variables':
            return <TextArea {...props} rows={3} placeholder={'NAME=value\nA variable on each line'} />
          default:
            return setting satisfies never
        }
      }}
    </SettingRow>
  )
}
