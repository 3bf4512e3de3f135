import type { WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'

type WithSettings = Pick<LifecycleServices, 'settings'>

/** Whether there is a script for the first start of that workspace: its own, or that of all workspaces. */
export function hasInitScript({ settings }: WithSettings, { initScript }: Pick<WorkspaceRecord, 'initScript'>): boolean {
  return initScript !== null || settings().initScript !== null
}

/** Files and folders of the user's machine with the scripts for each start: those of all workspaces, then its own. */
export function postStartPaths({ settings }: WithSettings, { postStart }: Pick<WorkspaceRecord, 'postStart'>): string[] {
  return [...settings().postStart, ...postStart]
}
