import { BerthError } from '../../../shared/errors'
import type { OperationDefinition } from '../../operations/operation-definition'
import type { Operations } from '../../operations/operations'
import type { WorkspaceServices } from '../base/lifecycle-services'
import { freeVolumeNames } from '../base/owned-resources'
import { placedDefinition } from '../base/placed-definition'
import type { ChosenPlace } from '../base/places'
import { isRunningOnEngine } from '../base/running-on-engine'
import type { StartedOperation } from '../base/started-operation'
import { newWorkspaceId } from '../base/workspace-id'
import { identityOf, subjectOf } from '../base/workspace-input'
import { layerRepository } from '../base/workspace-resources'
import { sourceOf } from '../lifecycle/disk-copy'
import { relocationDefinition } from './relocation'

/** Workspaces from one engine to another. */
export interface Relocations {
  /**
   * Its snapshots go along, or are removed at the end with `dropSnapshots`. One that runs is stopped for the last part and started there. Throws
   * ENGINE_UNKNOWN, ENGINE_UNREACHABLE when one of both does not answer, INPUT_INVALID when it is there already, WORKSPACE_INCOMPLETE.
   */
  move(
    reference: string,
    options: { engine: string; constraints?: string[] | undefined; dropSnapshots: boolean },
  ): Promise<StartedOperation>
  definitions(): OperationDefinition<never>[]
}

export function createRelocations(services: WorkspaceServices, operations: Operations): Relocations {
  const { registry, records, places } = services
  const relocate = placedDefinition(services, relocationDefinition)

  return {
    definitions: () => [relocate] as unknown as OperationDefinition<never>[],
    async move(reference, { engine, constraints, dropSnapshots }) {
      const before = registry.find(reference, 'snapshots')
      const subject = subjectOf(before)
      const begin = async ({ place: target, placement }: ChosenPlace) => {
        await Promise.all([services.at(before).ready(), target.ready()])
        return operations.begin(relocate, subject, async () => {
          const record = registry.find(subject.workspaceId)
          const { id, name, place, volumes, storage, sshPort } = record
          if (place === target.id) throw thereAlready(name, target.name)
          const there = services.at({ place: target.id })
          return {
            ...identityOf(record),
            to: target.id,
            wasRunning: await isRunningOnEngine(services, record),
            source: await sourceOf(services.at(record), record),
            layer: `${layerRepository(id)}:${newWorkspaceId()}`,
            next: { volumes: await freeVolumeNames(there, record), storage: there.newStorage() },
            previous: { volumes, storage },
            placements: { next: placement ?? null, previous: record.placement ?? null },
            sshPort,
            snapshots: records.snapshots.list(id),
            dropSnapshots,
          }
        })
      }
      const { id, name, limits } = before
      const operation = await places.choose({ id, name, limits, engine, constraints }, begin)
      return { operation: operations.get(operation.id), workspace: registry.view(registry.find(subject.workspaceId)) }
    },
  }
}

function thereAlready(workspace: string, engine: string): BerthError {
  const message = `${workspace} is already on the engine ${engine}.`
  return new BerthError('INPUT_INVALID', message, { issues: [{ path: 'engine', message }], next: 'There is nothing to do.' })
}
