import type { SshConfigStatus } from '../../../shared/contract/ssh-config'
import type { SystemInfo } from '../../../shared/contract/system'
import { sshHostOf } from '../../../shared/ssh-host'
import type { Workspace } from '../../../shared/workspace'

/** What is typed to get in: by name where ssh knows it. null while there is no port, or Berth has not said where its key is. */
export function sshCommand(
  { name, ports }: Pick<Workspace, 'name' | 'ports'>,
  system: Pick<SystemInfo, 'sshKeyPath'> | null,
  config: Pick<SshConfigStatus, 'installed'> | null,
): string | null {
  if (ports.ssh === null || system === null) return null
  if (config?.installed) return `ssh ${sshHostOf(name)}`
  return `ssh -p ${ports.ssh} -i ${quoteForShell(system.sshKeyPath)} workspace@127.0.0.1`
}

function quoteForShell(path: string): string {
  const plain = /^[\w@%+=:,./~\\-]+$/
  return plain.test(path) ? path : `"${path}"`
}
