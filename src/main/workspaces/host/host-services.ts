import { join } from 'node:path'
import type { Settings } from '../../../shared/contract/settings'
import { repoFolder } from '../../../shared/repo-path'
import { endWithVariable } from '../../engine/process-tree'
import { type HostMachine, hostVariable } from '../../host/host-machine'
import type { HostRecord, HostRecords } from '../../settings/records'
import type { SecretVault } from '../../settings/secret-vault'
import type { ScriptServices, ScriptSource } from '../lifecycle/script-runner'
import type { EntryServices } from './host-entries'
import type { HostViews } from './host-views'

/** Instead of a container's id, where one is asked for: this machine is one for all. */
export const HOST_ID = 'host'

/** What every step of a host workspace's life works with. */
export interface HostServices extends EntryServices {
  hosts: HostRecords
  views: HostViews
  machine: HostMachine
  settings: () => Settings
  secrets: SecretVault
  /** The home folder of the user on this machine. */
  userHome: string
  /** Where the logs of its scripts are: a folder of BERTH_HOME. */
  logFolder: string
  environmentOf(record: HostRecord): Record<string, string>
  now: () => Date
}

/** Where the repository and commands of the workspace begin: in the folder chosen in its repository, or in its own. */
export function hostCwd(record: HostRecord): string {
  return repoFolder({ ...record, host: { folder: record.hostFolder } }) ?? record.hostFolder
}

/** The logs of its scripts. */
export function hostLogs(logFolder: string, workspaceId: string): Record<ScriptSource, string> {
  const path = (source: ScriptSource) => join(logFolder, `${workspaceId}.${source}.log`)
  return { init: path('init'), 'post-start': path('post-start') }
}

/** Runs its own scripts. Those of all workspaces are written for containers: they run as root there, and would change this machine. */
export function hostScripts({ hosts, machine, settings, userHome, logFolder, environmentOf, now }: HostServices): ScriptServices {
  return {
    ...{ userHome, now },
    records: hosts,
    settings: () => ({ ...settings(), initScript: null, postStart: [] }),
    placeOf({ id }) {
      const record = hosts.get(id)
      if (!record) throw new Error(`the host workspace ${id} has no record`)
      return {
        ...{ exec: machine.exec, containerId: HOST_ID, cwd: hostCwd(record), logs: hostLogs(logFolder, id) },
        useEnvironment: async () => ({ environment: environmentOf(record), release: () => undefined }),
      }
    },
  }
}

/** Ends all that was started in it by Berth, and what that started: found by a variable which they all have. Asked first, killed a second later. */
export async function endAllIn({ machine }: Pick<HostServices, 'machine'>, record: Pick<HostRecord, 'id'>): Promise<void> {
  await endWithVariable(machine.exec, HOST_ID, hostVariable(record.id))
}
