import { useState } from 'react'
import type { Settings } from '../../../shared/contract/settings'
import { Select, TextInput } from '../../ui/field'
import { Segmented } from '../../ui/segmented'
import { Toggle } from '../../ui/toggle'
import { SettingRow, SettingsSection } from '../../workspace-model/settings/setting-row'
import { updateSettings } from '../../workspace-model/settings/update-settings'
import { checkFontFamily, checkFontSize, checkScrollback } from './check-settings'
import { installedFonts } from './terminal-fonts'
import { useTypedSetting } from './use-typed-setting'

const BELLS = [
  { value: 'visual', label: 'Seen' },
  { value: 'off', label: 'Off' },
] as const

/** How terminals look, and what they keep. */
export function TerminalSection({ settings, isTarget }: { settings: Settings; isTarget: boolean }) {
  return (
    <SettingsSection id="terminal" title="Terminal" isTarget={isTarget}>
      <FontRow settings={settings} />
      <FontSizeRow settings={settings} />
      <ScrollbackRow settings={settings} />
      <SettingRow title="Copy on select" description="What is selected with the mouse is on the clipboard at once.">
        {() => (
          <Toggle
            label="Copy on select"
            checked={settings.terminalCopyOnSelect}
            onChange={(terminalCopyOnSelect) => void updateSettings({ terminalCopyOnSelect })}
          />
        )}
      </SettingRow>
      <SettingRow title="Bell" description="A flash, and a mark on the tab while another is shown. It makes no sound.">
        {() => (
          <Segmented
            label="Bell"
            value={settings.terminalBell}
            options={BELLS}
            onChange={(terminalBell) => void updateSettings({ terminalBell })}
          />
        )}
      </SettingRow>
    </SettingsSection>
  )
}

const OWN = ''
const OTHER = 'other'

function FontRow({ settings }: { settings: Settings }) {
  const [fonts] = useState(installedFonts)
  const family = settings.terminalFontFamily
  const [wantsOther, setWantsOther] = useState(false)
  const isOther = wantsOther || (family !== null && !fonts.includes(family))
  const { problem, savedCount, control } = useTypedSetting(family ?? '', (typed) => {
    const checked = checkFontFamily(typed)
    return checked.ok ? { problem: null, patch: { terminalFontFamily: checked.value } } : { problem: checked.problem, patch: null }
  })
  const choose = (value: string) => {
    setWantsOther(value === OTHER)
    if (value !== OTHER) void updateSettings({ terminalFontFamily: value === OWN ? null : value })
  }
  return (
    <SettingRow
      title="Terminal font"
      description="Of those on this machine. Ligatures are not drawn."
      problem={problem}
      savedCount={savedCount}
    >
      {({ labelledBy, describedBy }) => (
        <div className="flex flex-col gap-1.5">
          <Select
            aria-labelledby={labelledBy}
            aria-describedby={describedBy}
            value={isOther ? OTHER : (family ?? OWN)}
            onChange={(event) => choose(event.target.value)}
          >
            <option value={OWN}>Berth’s own choice</option>
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

function FontSizeRow({ settings }: { settings: Settings }) {
  const { problem, savedCount, control } = useTypedSetting(String(settings.terminalFontSize), (typed) => {
    const checked = checkFontSize(typed)
    return checked.ok ? { problem: null, patch: { terminalFontSize: checked.value } } : { problem: checked.problem, patch: null }
  })
  return (
    <SettingRow title="Terminal font size" description="In pixels." problem={problem} savedCount={savedCount}>
      {({ labelledBy, describedBy }) => (
        <TextInput {...control} mono aria-labelledby={labelledBy} aria-describedby={describedBy} inputMode="numeric" className="max-w-20" />
      )}
    </SettingRow>
  )
}

function ScrollbackRow({ settings }: { settings: Settings }) {
  const { problem, savedCount, control } = useTypedSetting(String(settings.terminalScrollback), (typed) => {
    const checked = checkScrollback(typed)
    return checked.ok ? { problem: null, patch: { terminalScrollback: checked.value } } : { problem: checked.problem, patch: null }
  })
  return (
    <SettingRow
      title="Scrollback"
      description="Lines kept above the screen of each session. A few kilobytes of memory for every ten."
      problem={problem}
      savedCount={savedCount}
    >
      {({ labelledBy, describedBy }) => (
        <TextInput {...control} mono aria-labelledby={labelledBy} aria-describedby={describedBy} inputMode="numeric" className="max-w-24" />
      )}
    </SettingRow>
  )
}
