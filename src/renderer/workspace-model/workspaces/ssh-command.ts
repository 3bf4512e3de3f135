import type { SshConfigStatus } from '../../../shared/contract/ssh-config'
import type { SystemInfo } from '../../../shared/contract/system'
import { sshHostOf, sshWithConfig } from '../../../shared/ssh-host'
import type { Workspace } from '../../../shared/workspace'

/** What is typed to get in: by name where ssh knows it. null while there is no port, or Berth has not said where its config is. */
export function sshCommand(
  { name, ports }: Pick<Workspace, 'name' | 'ports'>,
  system: Pick<SystemInfo, 'sshConfigPath'> | null,
  config: Pick<SshConfigStatus, 'installed'> | null,
): string | null {
  if (ports.ssh === null || system === null) return null
  return config?.installed ? `ssh ${sshHostOf(name)}` : sshWithConfig(name, system.sshConfigPath)
}
