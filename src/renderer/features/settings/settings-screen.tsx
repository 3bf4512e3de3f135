import { useState } from 'react'
import type { Settings } from '../../../shared/contract/settings'
import { useSettings, useSystem } from '../../store/store'
import { TextArea, TextInput } from '../../ui/field'
import { Screen } from '../../ui/screen'
import { Segmented } from '../../ui/segmented'
import { Skeleton } from '../../ui/skeleton'
import { Toggle } from '../../ui/toggle'
import { SettingRow, SettingsSection } from '../../workspace-model/settings/setting-row'
import { updateSettings } from '../../workspace-model/settings/update-settings'
import { formatEnvLines, parseEnvLines } from '../../workspace-model/workspaces/parse-draft'
import { AboutSection } from './about-section'
import { checkEndpoint, checkImage } from './check-settings'
import { EngineStateLine } from './engine-state-line'
import { PortRangeRow } from './port-range-row'
import { SnapshotsSection } from './snapshots-section'
import { SshConfigRow } from './ssh-config-row'
import { StorageSection } from './storage-section'
import { TerminalSection } from './terminal-section'
import { useTypedSetting } from './use-typed-setting'

const THEMES = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const

const ADDRESSES = [
  { value: '127.0.0.1', label: 'This machine' },
  { value: '0.0.0.0', label: 'Every network' },
] as const

/** Everything is kept as it is changed; there is no Save button. */
export function SettingsScreen({ section }: { section: string | undefined }) {
  const settings = useSettings()
  return (
    <Screen title="Settings">
      {settings === null ? <Skeleton className="h-100" /> : <SettingsForm settings={settings} section={section} />}
    </Screen>
  )
}

function SettingsForm({ settings, section }: { settings: Settings; section: string | undefined }) {
  const system = useSystem()
  return (
    <>
      <SettingsSection id="appearance" title="Appearance" isTarget={section === 'appearance'}>
        <SettingRow title="Theme">
          {() => <Segmented label="Theme" value={settings.theme} options={THEMES} onChange={(theme) => void updateSettings({ theme })} />}
        </SettingRow>
      </SettingsSection>
      <TerminalSection settings={settings} isTarget={section === 'terminal'} />
      <SettingsSection id="workspaces" title="Workspaces" isTarget={section === 'workspaces'}>
        <ImageRow settings={settings} />
        <EnvRow settings={settings} />
      </SettingsSection>
      <StorageSection settings={settings} isTarget={section === 'storage'} />
      <SnapshotsSection settings={settings} isTarget={section === 'snapshots'} />
      <SettingsSection id="network" title="Network" isTarget={section === 'network'}>
        <PortRangeRow settings={settings} />
        <AddressRow settings={settings} />
        <SshConfigRow />
      </SettingsSection>
      <SettingsSection id="engine" title="Engine" isTarget={section === 'engine'}>
        <EndpointRow settings={settings} />
        <EngineStateLine />
      </SettingsSection>
      {system?.door === 'desktop' && (
        <SettingsSection id="desktop" title="Desktop" isTarget={section === 'desktop'}>
          <SettingRow title="Stop workspaces on quit" description="Otherwise they go on running when Berth is quit.">
            {() => (
              <Toggle
                label="Stop workspaces on quit"
                checked={settings.stopWorkspacesOnQuit}
                onChange={(stopWorkspacesOnQuit) => void updateSettings({ stopWorkspacesOnQuit })}
              />
            )}
          </SettingRow>
        </SettingsSection>
      )}
      {system !== null && <AboutSection system={system} />}
    </>
  )
}

function ImageRow({ settings }: { settings: Settings }) {
  const { problem, savedCount, control } = useTypedSetting(settings.image ?? '', (typed) => {
    const checked = checkImage(typed)
    return checked.ok ? { problem: null, patch: { image: checked.value } } : { problem: checked.problem, patch: null }
  })
  return (
    <SettingRow title="Image" description="For new workspaces. Empty for Berth’s own." problem={problem} savedCount={savedCount}>
      {({ labelledBy, describedBy }) => (
        <TextInput {...control} mono aria-labelledby={labelledBy} aria-describedby={describedBy} placeholder="Berth’s own" />
      )}
    </SettingRow>
  )
}

function EnvRow({ settings }: { settings: Settings }) {
  const { problem, savedCount, control } = useTypedSetting(formatEnvLines(settings.env), (typed) => {
    const parsed = parseEnvLines(typed)
    return parsed.ok ? { problem: null, patch: { env: parsed.env } } : { problem: parsed.problem, patch: null }
  })
  return (
    <SettingRow
      title="Environment"
      description="Of every workspace, from its next start. One KEY=VALUE a line."
      problem={problem}
      savedCount={savedCount}
    >
      {({ labelledBy, describedBy }) => <TextArea {...control} aria-labelledby={labelledBy} aria-describedby={describedBy} rows={3} />}
    </SettingRow>
  )
}

const OPEN_ADDRESS_WARNING =
  'Everyone who can reach this machine over a network can then knock at the ssh ports of the workspaces. Only keys are let in, but choose this only where you trust the network.'

function AddressRow({ settings }: { settings: Settings }) {
  const [savedCount, setSavedCount] = useState(0)
  const choose = async (sshAddress: Settings['sshAddress']) => {
    if (await updateSettings({ sshAddress })) setSavedCount(savedCount + 1)
  }
  return (
    <SettingRow
      title="Address of the ssh ports"
      description={
        <>
          Who can connect to <code>{settings.sshAddress}</code>. For workspaces that are started from now on.
        </>
      }
      warning={settings.sshAddress === '0.0.0.0' ? OPEN_ADDRESS_WARNING : null}
      savedCount={savedCount}
    >
      {() => (
        <Segmented
          label="Address of the ssh ports"
          value={settings.sshAddress}
          options={ADDRESSES}
          onChange={(address) => void choose(address)}
        />
      )}
    </SettingRow>
  )
}

function EndpointRow({ settings }: { settings: Settings }) {
  const { problem, savedCount, control } = useTypedSetting(settings.engineEndpoint ?? '', (typed) => {
    const checked = checkEndpoint(typed)
    return checked.ok ? { problem: null, patch: { engineEndpoint: checked.value } } : { problem: checked.problem, patch: null }
  })
  return (
    <SettingRow
      title="Endpoint"
      description="Empty to look for it as Docker’s own tools do: DOCKER_HOST, the current context, the usual sockets."
      problem={problem}
      savedCount={savedCount}
    >
      {({ labelledBy, describedBy }) => (
        <TextInput {...control} mono aria-labelledby={labelledBy} aria-describedby={describedBy} placeholder="looked for" />
      )}
    </SettingRow>
  )
}
