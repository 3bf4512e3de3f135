import { BerthError } from '../../../shared/errors'
import type { StorageDriverName } from '../../../shared/storage-driver-name'
import type { OperationDefinition } from '../../operations/operation-definition'
import type { Operations } from '../../operations/operations'
import type { WorkspaceServices } from '../base/lifecycle-services'
import { freeVolumeNames } from '../base/owned-resources'
import { placedDefinition } from '../base/placed-definition'
import { isRunningOnEngine } from '../base/running-on-engine'
import type { StartedOperation } from '../base/started-operation'
import { newWorkspaceId } from '../base/workspace-id'
import { identityOf, subjectOf } from '../base/workspace-input'
import { layerRepository } from '../base/workspace-resources'
import { sourceOf } from '../lifecycle/disk-copy'
import { storageMigrationDefinition } from './storage-migration'

/** Existing workspaces from one storage driver to the other. */
export interface StorageMigrations {
  /**
   * Its snapshots stay where they are. Throws WORKSPACE_RUNNING unless `stop`, INPUT_INVALID if it is already there, WORKSPACE_INCOMPLETE
   * if its container is gone; the operation fails with DISK_FULL or ENGINE_REFUSED before anything is stopped if there is not enough space
   * or no pool.
   */
  move(reference: string, options: { driver: StorageDriverName; stop: boolean }): Promise<StartedOperation>
  definitions(): OperationDefinition<never>[]
}

export function createStorageMigrations(services: WorkspaceServices, operations: Operations): StorageMigrations {
  const { registry } = services
  const move = placedDefinition(services, storageMigrationDefinition)
  return {
    definitions: () => [move] as unknown as OperationDefinition<never>[],
    async move(reference, { driver, stop }) {
      await services.at(registry.find(reference, 'storage')).ready()
      const subject = subjectOf(registry.find(reference))
      const operation = await operations.begin(move, subject, async () => {
        const record = registry.find(subject.workspaceId)
        const { id, name, volumes, storage } = record
        if (storage === driver) throw thereAlready(name, driver)
        const wasRunning = await isRunningOnEngine(services, record)
        if (wasRunning && !stop) throw running(name)
        return {
          ...identityOf(record),
          wasRunning,
          source: await sourceOf(services.at(record), record),
          layer: `${layerRepository(id)}:${newWorkspaceId()}`,
          next: { volumes: await freeVolumeNames(services.at(record), record), storage: driver },
          previous: { volumes, storage },
        }
      })
      return { operation: operations.get(operation.id), workspace: registry.view(registry.find(subject.workspaceId)) }
    },
  }
}

function thereAlready(workspace: string, driver: StorageDriverName): BerthError {
  const message = driver === 'btrfs' ? `${workspace} is already on the pool.` : `${workspace} is already on plain Docker volumes.`
  return new BerthError('INPUT_INVALID', message, { issues: [{ path: 'driver', message }], next: 'There is nothing to do.' })
}

function running(workspace: string): BerthError {
  return new BerthError('WORKSPACE_RUNNING', `${workspace} is running and must be stopped for the move.`, {
    workspace,
    next: `Stop ${workspace} first, or let Berth stop it for the move and start it again.`,
  })
}
