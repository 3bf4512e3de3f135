import type { Configuration } from '../../../shared/workspace-configuration/configuration'
import type { WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices } from './lifecycle-services'
import { freeVolumeNames } from './owned-resources'

/** What a new workspace is given; the rest is its own. */
type GivenToRecord = Configuration &
  Pick<WorkspaceRecord, 'id' | 'place' | 'name' | 'repoState' | 'storage'> &
  Partial<Pick<WorkspaceRecord, 'placement' | 'repoCredential' | 'furtherRepoStates' | 'init' | 'libraryTemplate' | 'devcontainerState'>>

/** The record of a new workspace, with its own identity; its port is reserved later. */
export async function newRecord(services: LifecycleServices, given: GivenToRecord): Promise<WorkspaceRecord> {
  return {
    repoCredential: null,
    furtherRepoStates: {},
    ...given,
    volumes: await freeVolumeNames(services, given),
    adoptedVolumes: [],
    hostKeys: [],
    nestedEngine: null,
    keptLayer: null,
    sshPort: null,
    problem: null,
    createdAt: services.now().toISOString(),
    startedAt: null,
    lastUsedAt: null,
  }
}
