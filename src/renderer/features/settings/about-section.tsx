import type { SystemInfo } from '../../../shared/contract/system'
import { CopyableValue, Detail, Details } from '../../ui/details'
import { SettingsSection } from '../../workspace-model/settings/setting-row'

export function AboutSection({ system }: { system: SystemInfo }) {
  return (
    <SettingsSection id="about" title="About this Berth" isTarget={false}>
      <Details>
        <Detail name="Version">
          {system.version} ({system.platform} {system.arch})
        </Detail>
        <Detail name="Its files">
          <CopyableValue value={system.home} label="Copy folder of Berth’s files" />
        </Detail>
        <Detail name="ssh key">
          <CopyableValue value={system.sshKeyPath} label="Copy path of the ssh key" />
        </Detail>
        <Detail name="Key of secrets">
          <CopyableValue value={system.secretKeyPath} label="Copy path of the key of secrets" />
        </Detail>
      </Details>
    </SettingsSection>
  )
}
