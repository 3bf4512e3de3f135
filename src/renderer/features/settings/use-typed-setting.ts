import type { Settings, SettingsPatch } from '../../../shared/contract/settings'
import type { SettingKey } from '../../../shared/settings/settings-table'
import { updateSettings } from '../../workspace-model/settings/update-settings'
import { useTypedField } from '../../workspace-model/settings/use-typed-field'
import { checkTyped, type TypedSetting, typedText } from './typed-setting'

/** A setting of Berth that is typed. */
export function useTypedSetting(key: SettingKey, setting: TypedSetting, settings: Settings) {
  return useTypedField<SettingsPatch>(
    typedText(setting, settings[key]),
    (typed) => checkTyped(key, setting, typed),
    async (patch) => ((await updateSettings(patch)) ? { ok: true } : { ok: false, problem: null }),
  )
}
