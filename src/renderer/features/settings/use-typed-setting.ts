import type { SettingsPatch } from '../../../shared/contract/settings'
import { updateSettings } from '../../workspace-model/settings/update-settings'
import { useTypedField } from '../../workspace-model/settings/use-typed-field'

interface TypedSetting {
  /** Why what is typed cannot be kept; null when it can. */
  problem: string | null
  /** What is typed, as the change it makes. */
  patch: SettingsPatch | null
}

/** A setting of Berth that is typed. */
export function useTypedSetting(current: string, check: (typed: string) => TypedSetting) {
  return useTypedField<SettingsPatch>(
    current,
    (typed) => {
      const { problem, patch } = check(typed)
      return { problem, change: patch }
    },
    async (patch) => ((await updateSettings(patch)) ? { ok: true } : { ok: false, problem: null }),
  )
}
