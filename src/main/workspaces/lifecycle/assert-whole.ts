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
  const { name, volumes } = record
  const layer = await chooseLayer(services, record)
  const missing = layer?.isWhole ? [] : [`container ${containerName(name)}`]
  for (const volume of Object.values(volumes)) {
    if ((await services.engine.volumes.inspect(volume)) === null) missing.push(`volume ${volume}`)
  }
  if (layer?.isWhole && missing.length === 0) return layer
  throw new BerthError('WORKSPACE_INCOMPLETE', `${name} is incomplete. Removed outside Berth: ${missing.join(', ')}.`, {
    workspace: name,
    missing,
    next: `“berth doctor” says what is lost and what can be restored. “berth start ${name} --recreate” recreates it from what there is, with an empty volume for each that is missing. Or restore a snapshot.`,
  })
}
