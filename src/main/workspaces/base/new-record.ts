import { changeLimits, type LimitsPatch, NO_LIMITS } from '../../../shared/limits'
import type { WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices } from './lifecycle-services'
import { freeVolumeNames } from './owned-resources'

/** What a new workspace is given; the rest is its own. */
type GivenToRecord = Pick<WorkspaceRecord, 'id' | 'place' | 'name' | 'label' | 'image' | 'repo' | 'repoState' | 'env' | 'storage'> & {
  limits?: LimitsPatch | undefined
  repoCredential?: WorkspaceRecord['repoCredential']
}

/** The record of a workspace that is about to be made, with an identity of its own; its port is reserved later. */
export async function newRecord(services: LifecycleServices, given: GivenToRecord): Promise<WorkspaceRecord> {
  const { id, place, name, label, image, repo, repoState, env, storage, limits, repoCredential = null } = given
  return {
    ...{ id, place, name, label, image, repo, repoCredential, repoState, env, storage },
    volumes: await freeVolumeNames(services, name),
    limits: changeLimits(NO_LIMITS, limits),
    adoptedVolumes: [],
    hostKeys: [],
    keptLayer: null,
    template: false,
    sshPort: null,
    problem: null,
    createdAt: services.now().toISOString(),
    startedAt: null,
    lastUsedAt: null,
  }
}
