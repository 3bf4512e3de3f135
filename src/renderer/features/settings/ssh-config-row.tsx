import { useSshConfig } from '../../store/store'
import { Toggle } from '../../ui/toggle'
import { SettingRow } from '../../workspace-model/settings/setting-row'
import { setSshConfig } from '../../workspace-model/workspaces/ssh-actions'

/** Whether the user's own ssh config includes Berth's. */
export function SshConfigRow() {
  const config = useSshConfig()
  if (config === null) return null
  return (
    <SettingRow
      title="Names for ssh"
      description={
        <>
          <code>ssh NAME.berth</code>, scp, rsync and editors reach workspaces by their names. One Include line at the top of{' '}
          <code className="break-all">{config.userFile}</code>.
        </>
      }
      problem={config.obstacle}
    >
      {() => <Toggle label="Names for ssh" checked={config.installed} onChange={(installed) => void setSshConfig(installed)} />}
    </SettingRow>
  )
}
