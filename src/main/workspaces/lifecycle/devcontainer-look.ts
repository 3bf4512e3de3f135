import { isDeepStrictEqual } from 'node:util'
import { type DevcontainerRecord, EMPTY_DEVCONTAINER_RECORD, usedConfig } from '../../../shared/devcontainer'
import { devcontainerChoice } from '../../../shared/devcontainer-choice'
import { isBerthError } from '../../../shared/errors'
import { repoFolder } from '../../../shared/repo-path'
import { log } from '../../log'
import { findConfigs } from '../../provisioning/devcontainer/find-configs'
import type { WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'
import { containerIdOf } from '../base/own-containers'

type LookServices = Pick<LifecycleServices, 'engine' | 'records' | 'registry' | 'settings'>

/** Whether the dev container of a workspace is opened when there is one. */
export function choiceOf({ settings }: Pick<LifecycleServices, 'settings'>, { devcontainer }: Pick<WorkspaceRecord, 'devcontainer'>) {
  return devcontainerChoice(devcontainer, settings().devcontainers)
}

/**
 * Checks which dev containers its repository has now and records it: with a digest if one was built, which may be out of date, or is about
 * to be built. Returns the recorded state; null without a repository.
 */
export async function lookForDevcontainer(
  services: LookServices,
  record: WorkspaceRecord,
  { signal, isToBeBuilt = false }: { signal?: AbortSignal | undefined; isToBeBuilt?: boolean } = {},
): Promise<DevcontainerRecord | null> {
  const { engine, records, registry } = services
  const folder = repoFolder(record)
  if (folder === null) return null
  const { chosen, container } = record.devcontainerState ?? EMPTY_DEVCONTAINER_RECORD
  const withDigest = isToBeBuilt || container !== null
  const { paths, digest } = await findConfigs(engine, containerIdOf(services, record), { folder, chosen, withDigest, signal })
  await records.patch(record.id, ({ devcontainerState }) => {
    const before = devcontainerState ?? EMPTY_DEVCONTAINER_RECORD
    const after = { ...before, paths, digest }
    return isDeepStrictEqual(before, after) && devcontainerState !== undefined ? {} : { devcontainerState: after }
  })
  registry.publish(record.id)
  return records.get(record.id)?.devcontainerState ?? null
}

/** After the clone, and at each start. What goes wrong is no reason not to use the workspace, and looked at again at the next start. */
export async function offerDevcontainer(
  services: LookServices,
  { id }: Pick<WorkspaceRecord, 'id'>,
  { signal, notice }: { signal: AbortSignal; notice(text: string): void },
): Promise<void> {
  const record = services.records.get(id)
  const choice = record && choiceOf(services, record)
  if (!record || choice === 'never') return
  try {
    const before = record.devcontainerState
    const found = await lookForDevcontainer(services, record, { signal })
    const path = found && usedConfig(found)
    if (path && choice === 'ask' && found.container === null && (before === undefined || usedConfig(before) === null))
      notice(`Its repository has a dev container (${path}). “berth devcontainer up ${record.name}” opens it.`)
  } catch (error) {
    if (!isBerthError(error) || isBerthError(error, 'CANCELLED')) throw error
    log.warn({ err: error, workspace: record.name }, 'the repository could not be searched for a dev container')
  }
}
