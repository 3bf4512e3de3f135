import { useState } from 'react'
import type { Settings } from '../../../shared/contract/settings'
import { SETTINGS } from '../../../shared/settings/settings-table'
import { useEngines } from '../../store/store'
import { Select } from '../../ui/field'
import { isLocalEngine } from '../../workspace-model/engine/describe-engine'
import { SettingRow } from '../../workspace-model/settings/setting-row'
import { updateSettings } from '../../workspace-model/settings/update-settings'

/** With one engine there is nothing to choose. */
export function DefaultEngineRow({ settings: { defaultEngine } }: { settings: Settings }) {
  const engines = useEngines()
  const [savedCount, setSavedCount] = useState(0)
  const local = engines.find(isLocalEngine)?.name
  const value = defaultEngine ?? local ?? ''
  const isKnown = engines.some(({ name }) => name === value)
  if (engines.length < 2 && isKnown) return null
  const keep = async (name: string) => {
    if (await updateSettings({ defaultEngine: name === local ? null : name })) setSavedCount((count) => count + 1)
  }
  return (
    <SettingRow
      title={SETTINGS.defaultEngine.title}
      description="Those there are already stay where they are."
      problem={isKnown ? null : `Berth uses no engine named “${value}”.`}
      savedCount={savedCount}
    >
      {({ labelledBy, describedBy }) => (
        <Select
          aria-labelledby={labelledBy}
          aria-describedby={describedBy}
          className="max-w-60"
          value={value}
          onChange={(event) => void keep(event.target.value)}
        >
          {!isKnown && <option value={value}>{value}</option>}
          {engines.map(({ id, name }) => (
            <option key={id} value={name}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </SettingRow>
  )
}
