import type { WorkspaceRecord } from '../../settings/records'
import type { WorkspaceServices } from './lifecycle-services'

/** Asked from the engine: the event of a start by a just undone operation may still be on the way. */
export async function isRunningOnEngine({ registry, at }: WorkspaceServices, record: WorkspaceRecord): Promise<boolean> {
  const container = registry.containerOf(record.id)
  return container !== null && ((await at(record).engine.containers.inspect(container.containerId))?.running ?? false)
}
