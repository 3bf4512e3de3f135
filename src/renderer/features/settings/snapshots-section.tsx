import type { Settings } from '../../../shared/contract/settings'
import { TextInput } from '../../ui/field'
import { Toggle } from '../../ui/toggle'
import { SettingRow, SettingsSection } from '../../workspace-model/settings/setting-row'
import { updateSettings } from '../../workspace-model/settings/update-settings'
import { checkSnapshotsKept } from './check-settings'
import { useTypedSetting } from './use-typed-setting'

/** What Berth keeps by itself. */
export function SnapshotsSection({ settings, isTarget }: { settings: Settings; isTarget: boolean }) {
  const { problem, savedCount, control } = useTypedSetting(String(settings.automaticSnapshotsKept), (typed) => {
    const checked = checkSnapshotsKept(typed)
    return checked.ok ? { problem: null, patch: { automaticSnapshotsKept: checked.value } } : { problem: checked.problem, patch: null }
  })
  return (
    <SettingsSection id="snapshots" title="Snapshots" isTarget={isTarget}>
      <SettingRow title="Keep the state before a restore" description="As an automatic snapshot, to go back to.">
        {() => (
          <Toggle
            label="Keep the state before a restore"
            checked={settings.snapshotBeforeRestore}
            onChange={(snapshotBeforeRestore) => void updateSettings({ snapshotBeforeRestore })}
          />
        )}
      </SettingRow>
      <SettingRow
        title="Automatic snapshots kept"
        description="Of each workspace; the oldest go first."
        problem={problem}
        warning={
          settings.snapshotBeforeRestore && settings.automaticSnapshotsKept === 0
            ? 'With none kept, the state before a restore is lost.'
            : null
        }
        savedCount={savedCount}
      >
        {({ labelledBy, describedBy }) => (
          <TextInput
            {...control}
            mono
            aria-labelledby={labelledBy}
            aria-describedby={describedBy}
            inputMode="numeric"
            className="max-w-20"
          />
        )}
      </SettingRow>
    </SettingsSection>
  )
}
