import { BerthError } from '../../../shared/errors'
import type { WorkspaceRecord } from '../../settings/records'
import { chooseLayer, type LayerChoice } from '../base/layer-choice'
import type { LifecycleServices } from '../base/lifecycle-services'
import { containerName } from '../base/workspace-resources'

/**
 * The layer of a workspace without a container, as it was when that last stopped. Throws WORKSPACE_INCOMPLETE where not all of the workspace is kept:
 * nothing is left out without a word.
 */
export async function assertWhole(services: LifecycleServices, record: WorkspaceRecord): Promise<LayerChoice> {
  const { name } = record
  const layer = await chooseLayer(services, record)
  const missing = await missingVolumes(services, record)
  if (layer?.isWhole && missing.length === 0) return layer
  throw incomplete(name, [...(layer?.isWhole ? [] : [`container ${containerName(name)}`]), ...missing])
}

/** Throws WORKSPACE_INCOMPLETE where the engine would make an empty volume in the place of one that was removed. */
export async function assertVolumes(services: LifecycleServices, record: WorkspaceRecord): Promise<void> {
  const missing = await missingVolumes(services, record)
  if (missing.length > 0) throw incomplete(record.name, missing)
}

async function missingVolumes({ engine }: LifecycleServices, { volumes }: WorkspaceRecord): Promise<string[]> {
  const missing: string[] = []
  for (const volume of Object.values(volumes)) if ((await engine.volumes.inspect(volume)) === null) missing.push(`volume ${volume}`)
  return missing
}

/** What was removed is said by kind and name. */
export function incomplete(name: string, missing: string[]): BerthError {
  return new BerthError('WORKSPACE_INCOMPLETE', `${name} is incomplete. Removed outside Berth: ${missing.join(', ')}.`, {
    workspace: name,
    missing,
    next: `“berth doctor” shows what is lost and what can be restored. “berth start ${name} --recreate” recreates it, with empty volumes for missing ones. You can also restore a snapshot.`,
  })
}
