import { SearchX } from 'lucide-react'
import { type ComponentType, useState } from 'react'
import type { Settings } from '../../../shared/contract/settings'
import { SETTING_SECTIONS, type SettingSection } from '../../../shared/settings/setting-kinds'
import { isSettingFound } from '../../../shared/settings/setting-search'
import { SETTING_KEYS, SETTINGS, type SettingKey } from '../../../shared/settings/settings-table'
import { useSettings, useSystem } from '../../store/store'
import { EmptyState } from '../../ui/empty-state'
import { Screen } from '../../ui/screen'
import { Skeleton } from '../../ui/skeleton'
import { SettingsSection } from '../../workspace-model/settings/setting-row'
import { AboutSection } from './about-section'
import { ChangedSetting } from './changed-setting'
import { DefaultEngineRow } from './default-engine-row'
import { EngineStateLine } from './engine-state-line'
import { NewStorageRow } from './new-storage-row'
import { PoolRow } from './pool-row'
import { SettingEditor } from './setting-editor'
import { SettingSearchField } from './setting-search-field'
import { SshConfigRow } from './ssh-config-row'
import { TerminalFontRow } from './terminal-font-row'

/** Settings that need more than their kind has. */
const OWN_EDITORS: { readonly [Key in SettingKey]?: ComponentType<{ settings: Settings }> } = {
  terminalFontFamily: TerminalFontRow,
  newWorkspaceStorage: NewStorageRow,
  defaultEngine: DefaultEngineRow,
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
  const [search, setSearch] = useState('')
  const words = search.split(/\s+/).filter((word) => word !== '')
  return (
    <Screen title="Settings" actions={<SettingSearchField text={search} onChange={setSearch} />}>
      {settings === null ? <Skeleton className="h-100" /> : <SettingsForm settings={settings} section={part} words={words} />}
    </Screen>
  )
}

function SettingsForm({ settings, section, words }: { settings: Settings; section: string | undefined; words: readonly string[] }) {
  const system = useSystem()
  const isSearching = words.length > 0
  const sections = SECTIONS.filter(([, { door }]) => door === undefined || door === system?.door)
    .map(([id, { title }]) => ({
      id,
      title,
      keys: SETTING_KEYS.filter((key) => SETTINGS[key].section === id && isSettingFound(key, words)),
    }))
    .filter(({ keys }) => !isSearching || keys.length > 0)
  if (sections.length === 0) {
    return (
      <EmptyState icon={SearchX} title="No matching settings">
        The search covers names, descriptions and sections.
      </EmptyState>
    )
  }
  return (
    <>
      {sections.map(({ id, title, keys }) => {
        const FurtherRow = isSearching ? undefined : FURTHER_ROWS[id]
        return (
          <SettingsSection key={id} id={id} title={title} isTarget={section === id}>
            {keys.map((key) => {
              const OwnEditor = OWN_EDITORS[key]
              return (
                <ChangedSetting key={key} name={key} settings={settings}>
                  {OwnEditor === undefined ? <SettingEditor name={key} settings={settings} /> : <OwnEditor settings={settings} />}
                </ChangedSetting>
              )
            })}
            {FurtherRow !== undefined && <FurtherRow />}
          </SettingsSection>
        )
      })}
      {system !== null && !isSearching && <AboutSection system={system} />}
    </>
  )
}
