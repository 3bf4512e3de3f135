import { useState } from 'react'
import type { Settings } from '../../../shared/contract/settings'
import { SETTINGS } from '../../../shared/settings/settings-table'
import { Select, TextInput } from '../../ui/field'
import { SettingRow } from '../../workspace-model/settings/setting-row'
import { updateSettings } from '../../workspace-model/settings/update-settings'
import { installedFonts } from './terminal-fonts'
import { useTypedSetting } from './use-typed-setting'

const OWN = ''
const OTHER = 'other'

/** One of the fonts on this machine, or another by its name. */
export function TerminalFontRow({ settings }: { settings: Settings }) {
  const [fonts] = useState(installedFonts)
  const family = settings.terminalFontFamily
  const [wantsOther, setWantsOther] = useState(false)
  const isOther = wantsOther || (family !== null && !fonts.includes(family))
  const { title, description, placeholder } = SETTINGS.terminalFontFamily
  const { problem, savedCount, control } = useTypedSetting('terminalFontFamily', SETTINGS.terminalFontFamily, settings)
  const choose = (value: string) => {
    setWantsOther(value === OTHER)
    if (value !== OTHER) void updateSettings({ terminalFontFamily: value === OWN ? null : value })
  }
  return (
    <SettingRow title={title} description={description} problem={problem} savedCount={savedCount}>
      {({ labelledBy, describedBy }) => (
        <div className="flex flex-col gap-1.5">
          <Select
            aria-labelledby={labelledBy}
            aria-describedby={describedBy}
            value={isOther ? OTHER : (family ?? OWN)}
            onChange={(event) => choose(event.target.value)}
          >
            <option value={OWN}>{placeholder}</option>
            {fonts.map((font) => (
              <option key={font} value={font}>
                {font}
              </option>
            ))}
            <option value={OTHER}>Another…</option>
          </Select>
          {isOther && <TextInput {...control} mono aria-label="Name of the terminal font" placeholder="Name of the font" />}
        </div>
      )}
    </SettingRow>
  )
}
