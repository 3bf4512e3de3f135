import { useState } from 'react'
import type { Settings } from '../../../shared/contract/settings'
import { SETTINGS } from '../../../shared/settings/settings-table'
import { client } from '../../client'
import { useEngines, useSwarms } from '../../store/store'
import { Select } from '../../ui/field'
import { isLocalEngine } from '../../workspace-model/engine/describe-engine'
import { reportError } from '../../workspace-model/problems/run-suggested-action'
import { SettingRow } from '../../workspace-model/settings/setting-row'
import { updateSettings } from '../../workspace-model/settings/update-settings'

/** False, and told in a notice, where Berth refuses. */
async function placeBy(swarm: string): Promise<boolean> {
  try {
    await client.swarms.use({ swarm })
    return true
  } catch (error) {
    reportError(error, () => void placeBy(swarm))
    return false
  }
}

/** With one engine there is nothing to choose. */
export function DefaultEngineRow({ settings: { defaultEngine } }: { settings: Settings }) {
  const engines = useEngines()
  const swarms = useSwarms()
  const [savedCount, setSavedCount] = useState(0)
  const local = engines.find(isLocalEngine)?.name
  const value = swarms.find(({ isDefault }) => isDefault)?.name ?? defaultEngine ?? local ?? ''
  const isKnown = [...engines, ...swarms].some(({ name }) => name === value)
  if (engines.length + swarms.length < 2 && isKnown) return null
  const keep = async (name: string) => {
    const swarm = swarms.find((candidate) => candidate.name === name)
    const isKept = swarm === undefined ? await updateSettings({ defaultEngine: name === local ? null : name }) : await placeBy(swarm.id)
    if (isKept) setSavedCount((count) => count + 1)
  }
  return (
    <SettingRow
      title={SETTINGS.defaultEngine.title}
      description="Existing workspaces stay where they are."
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
          {swarms.map(({ id, name }) => (
            <option key={id} value={name}>
              {name}, Swarm
            </option>
          ))}
        </Select>
      )}
    </SettingRow>
  )
}
