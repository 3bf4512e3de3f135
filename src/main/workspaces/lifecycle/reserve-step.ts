import type { Step } from '../../operations/operation-definition'
import type { WorkspaceRecord } from '../../settings/records'
import type { LifecycleServices } from '../base/lifecycle-services'
import { checkNothingForeign } from '../base/owned-resources'
import type { WorkspaceInput } from '../base/workspace-input'

/** The first step of all that make a workspace: from here on it has its name, its port and its place in the list. */
export function reserveStep<Input extends WorkspaceInput & { record: WorkspaceRecord }>(
  services: LifecycleServices,
  onReserved: (workspaceId: string) => void,
): Step<Input> {
  const { records, ports, registry } = services
  return {
    name: 'reserve',
    title: 'Reserve name and port',
    async run({ input: { record } }) {
      const { home, docker } = record.volumes
      await checkNothingForeign(services, record, [home, docker])
      const reservation = await ports.reserve()
      try {
        await records.put({ ...record, sshPort: reservation.port })
      } finally {
        reservation.release()
      }
      registry.publish(record.id)
      onReserved(record.id)
    },
    async undo({ id }) {
      await records.remove(id)
      registry.setContainer(id, null)
    },
  }
}
