import type { SettingsPatch } from '../../../shared/contract/settings'
import { client } from '../../client'
import { reportError } from '../problems/run-suggested-action'

/** What is set comes back with the events. Resolves to true once it is kept; what Berth refuses is told. */
export async function updateSettings(patch: SettingsPatch): Promise<boolean> {
  try {
    await client.settings.update(patch)
    return true
  } catch (error) {
    reportError(error, () => void updateSettings(patch))
    return false
  }
}
