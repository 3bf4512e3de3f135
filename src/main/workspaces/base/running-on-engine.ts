import type { WorkspaceRecord } from '../../settings/records'
import type { WorkspaceServices } from './lifecycle-services'

/** Asked of the engine: the event of a start, by an operation that was taken back a moment ago, may be on its way still. */
export async function isRunningOnEngine({ registry, at }: WorkspaceServices, record: WorkspaceRecord): Promise<boolean> {
  const container = registry.containerOf(record.id)
  return container !== null && ((await at(record).engine.containers.inspect(container.containerId))?.running ?? false)
}
