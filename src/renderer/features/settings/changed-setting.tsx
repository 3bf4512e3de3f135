import { RotateCcw } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Settings } from '../../../shared/contract/settings'
import type { SettingDefinition } from '../../../shared/settings/setting-kinds'
import { SETTINGS, type SettingKey } from '../../../shared/settings/settings-table'
import { IconButton } from '../../ui/button'
import { ChangeMark } from '../../workspace-model/settings/setting-row'
import { updateSettings } from '../../workspace-model/settings/update-settings'
import { defaultText } from './default-text'

/** The row of a setting, marked and with a way back where it differs from its default. */
export function ChangedSetting({ name, settings, children }: { name: SettingKey; settings: Settings; children: ReactNode }) {
  const setting: SettingDefinition = SETTINGS[name]
  if (JSON.stringify(settings[name]) === JSON.stringify(setting.default)) return children
  // Variables cannot be had back, as nobody shows what they were.
  const canReset = setting.kind !== 'variables'
  const reset = (
    <IconButton
      icon={RotateCcw}
      size="small"
      label={`Reset to ${defaultText(setting)}`}
      onClick={() => void updateSettings({ [name]: setting.default })}
    />
  )
  return <ChangeMark.Provider value={{ reset: canReset ? reset : null }}>{children}</ChangeMark.Provider>
}
