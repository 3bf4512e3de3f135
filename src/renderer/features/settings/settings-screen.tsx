import type { ComponentType } from 'react'
import type { Settings } from '../../../shared/contract/settings'
import { SETTING_SECTIONS, type SettingSection } from '../../../shared/settings/setting-kinds'
import { SETTING_KEYS, SETTINGS, type SettingKey } from '../../../shared/settings/settings-table'
import { useSettings, useSystem } from '../../store/store'
import { Screen } from '../../ui/screen'
import { Skeleton } from '../../ui/skeleton'
import { SettingsSection } from '../../workspace-model/settings/setting-row'
import { AboutSection } from './about-section'
import { EngineStateLine } from './engine-state-line'
import { NewStorageRow } from './new-storage-row'
import { PoolRow } from './pool-row'
import { SettingEditor } from './setting-editor'
import { SshConfigRow } from './ssh-config-row'
import { TerminalFontRow } from './terminal-font-row'

/** Settings that need more than their kind has. */
const OWN_EDITORS: { readonly [Key in SettingKey]?: ComponentType<{ settings: Settings }> } = {
  terminalFontFamily: TerminalFontRow,
  newWorkspaceStorage: NewStorageRow,
}

/** What belongs to a section without being a setting. */
const FURTHER_ROWS: { readonly [Section in SettingSection]?: ComponentType } = {
  storage: PoolRow,
  network: SshConfigRow,
  engine: EngineStateLine,
}

const SECTIONS = Object.entries(SETTING_SECTIONS) as [SettingSection, { title: string; door?: 'desktop' }][]

/** Made from the table of settings. Everything is kept as it is changed; there is no Save button. */
export function SettingsScreen({ part }: { part: string | undefined }) {
  const settings = useSettings()
  return (
    <Screen title="Settings">
      {settings === null ? <Skeleton className="h-100" /> : <SettingsForm settings={settings} section={part} />}
    </Screen>
  )
}

function SettingsForm({ settings, section }: { settings: Settings; section: string | undefined }) {
  const system = useSystem()
  return (
    <>
      {SECTIONS.filter(([, { door }]) => door === undefined || door === system?.door).map(([id, { title }]) => {
        const FurtherRow = FURTHER_ROWS[id]
        return (
          <SettingsSection key={id} id={id} title={title} isTarget={section === id}>
            {SETTING_KEYS.filter((key) => SETTINGS[key].section === id).map((key) => {
              const OwnEditor = OWN_EDITORS[key]
              return OwnEditor === undefined ? (
                <SettingEditor key={key} name={key} settings={settings} />
              ) : (
                <OwnEditor key={key} settings={settings} />
              )
            })}
            {FurtherRow !== undefined && <FurtherRow />}
          </SettingsSection>
        )
      })}
      {system !== null && <AboutSection system={system} />}
    </>
  )
}
