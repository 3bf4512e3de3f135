import { BerthError } from '../../../shared/errors'
import type { Operation } from '../../../shared/operation'
import type { Snapshot, SnapshotPart } from '../../../shared/snapshot'
import { checkSnapshotName, snapshotNameOf } from '../../../shared/snapshot-name'
import { type CreationConfiguration, changeConfiguration, clonedConfiguration } from '../../../shared/workspace-configuration/configuration'
import type { OperationDefinition } from '../../operations/operation-definition'
import type { Operations } from '../../operations/operations'
import type { SnapshotRecord, WorkspaceRecord } from '../../settings/records'
import { readInventory } from '../base/inventory'
import type { LifecycleServices, WorkspaceServices } from '../base/lifecycle-services'
import { missingParts, snapshotView } from '../base/losses'
import type { NameReservations } from '../base/name-reservations'
import { newRecord } from '../base/new-record'
import { freeVolumeNames } from '../base/owned-resources'
import { placedDefinition } from '../base/placed-definition'
import type { ChosenPlace } from '../base/places'
import { isRunningOnEngine } from '../base/running-on-engine'
import type { StartedOperation } from '../base/started-operation'
import { newWorkspaceId } from '../base/workspace-id'
import { identityOf, subjectOf } from '../base/workspace-input'
import { layerRepository, snapshotLayer } from '../base/workspace-resources'
import { type DiskSource, layerToBeginWith, sourceOf } from '../lifecycle/disk-copy'
import { freeSnapshotName, newAutomaticSnapshot, newSnapshot } from '../lifecycle/snapshots'
import type { CopyLimits } from '../usage/copy-limits'
import { cloneDefinition } from './clone'
import { restoreDefinition } from './restore'
import { snapshotCreateDefinition, snapshotDeleteDefinition } from './snapshot-steps'

export interface CloneOptions {
  name: string
  stop: boolean
  start: boolean
  /** Name or id of the engine for the clone. Default: the engine of the source. */
  engine?: string | undefined
  constraints?: string[] | undefined
  /** Over what the source has. */
  configuration?: CreationConfiguration
}

/** Copies of a workspace's whole disk state. Snapshots are given by name or id. What would go past a limit throws LIMIT_REACHED. */
export interface Copies {
  /** Throws NAME_INVALID, NAME_TAKEN, PORTS_EXHAUSTED before anything is made. */
  clone(reference: string, options: CloneOptions): Promise<StartedOperation>
  listSnapshots(reference: string, options: { measure: boolean; signal?: AbortSignal | undefined }): Promise<Snapshot[]>
  /** Throws NAME_TAKEN when it has a snapshot of that name. */
  createSnapshot(reference: string, name: string | undefined): Promise<{ operation: Operation; snapshot: Snapshot }>
  /** Throws SNAPSHOT_NOT_FOUND, SNAPSHOT_INCOMPLETE, and WORKSPACE_RUNNING unless `force`. */
  restore(reference: string, snapshot: string, options: { force: boolean }): Promise<StartedOperation>
  restoreAs(reference: string, snapshot: string, options: { name: string; start: boolean }): Promise<StartedOperation>
  deleteSnapshot(reference: string, snapshot: string): Promise<{ operation: Operation }>
  definitions(): OperationDefinition<never>[]
  /** Every snapshot, not measured. */
  allSnapshots(): Snapshot[]
}

export function createCopies(
  services: WorkspaceServices,
  operations: Operations,
  nameReservations: NameReservations,
  copyLimits: CopyLimits,
): Copies {
  const { records, registry, places, now } = services
  const clone = placedDefinition(services, (here) => cloneDefinition(here, nameReservations.onReserved))
  const create = placedDefinition(services, snapshotCreateDefinition)
  const restore = placedDefinition(services, restoreDefinition)
  const remove = placedDefinition(services, snapshotDeleteDefinition)

  const view = (snapshot: SnapshotRecord) => snapshotView(snapshot, services.losses)

  function snapshotSource(snapshot: SnapshotRecord): DiskSource {
    return { storage: snapshot.storage, volumes: snapshot.volumes, container: null, image: snapshotLayer(snapshot.id) }
  }

  function findSnapshot(record: WorkspaceRecord, reference: string): SnapshotRecord {
    const found = records.snapshots.list(record.id).find(({ id, name }) => name === reference || id === reference)
    if (found) return found
    throw new BerthError('SNAPSHOT_NOT_FOUND', `${record.name} has no snapshot “${reference}”.`, {
      workspace: record.name,
      snapshot: reference,
      next: `Check the list of snapshots of ${record.name}.`,
    })
  }

  /** Throws SNAPSHOT_INCOMPLETE when others have removed a part of it. */
  async function assertWhole(record: WorkspaceRecord, snapshot: SnapshotRecord): Promise<void> {
    const { engine, installationId } = services.at(snapshot)
    const missing = missingParts(snapshot, await readInventory(engine, records, installationId))
    if (missing.length > 0) throw incomplete(record.name, snapshot.name, missing)
  }

  const ready = (reference: string) => services.at(registry.find(reference, 'snapshots')).ready()

  /** The record of a copy: everything that is carried over from the original, changed by the given fields, with an identity of its own. */
  async function copyOf(
    original: WorkspaceRecord,
    copy: Pick<WorkspaceRecord, 'id' | 'name' | 'storage' | 'place' | 'placement'>,
    given: CreationConfiguration = {},
  ): Promise<WorkspaceRecord> {
    const { repoCredential, repoState, furtherRepoStates, init, devcontainerState } = original
    const carried = clonedConfiguration(original)
    // What ran to its end in the original is in the copy.
    const isToRun = init !== undefined || Boolean(given.initScript)
    return newRecord(services.at(copy), {
      ...carried,
      ...changeConfiguration(carried, given, services.secrets),
      ...(isToRun ? { init: { status: 'pending' } } : {}),
      repoCredential,
      repoState,
      furtherRepoStates,
      // Its container is in the Docker volume, and stopped in the copy; forwards are the original's.
      ...(devcontainerState ? { devcontainerState: { ...devcontainerState, isRunning: false, forwards: [] } } : {}),
      ...copy,
    })
  }

  return {
    definitions: () => [clone, create, restore, remove] as unknown as OperationDefinition<never>[],
    allSnapshots: () => records.snapshots.list().map(view),
    async clone(reference, { name, stop, start, configuration, engine, constraints }) {
      await ready(reference)
      const { id: originalId } = registry.find(reference, 'snapshots')
      const id = newWorkspaceId()
      const begin = async ({ place: target, placement }: ChosenPlace) => {
        await target.ready()
        return nameReservations.begin(clone, { id, name, involves: [{ workspaceId: originalId, exclusive: stop }] }, async () => {
          const original = registry.find(originalId)
          const isElsewhere = target.id !== original.place
          const storage = isElsewhere ? target.newStorage() : original.storage
          const record = await copyOf(original, { id, name, storage, place: target.id, placement }, configuration)
          if (!isElsewhere) await copyLimits.clone(original, record)
          const found = await sourceOf(services.at(original), original)
          const source = isElsewhere ? { ...found, place: original.place } : found
          const { place } = record
          return { id, name, place, record, source, sourceName: original.name, stopSource: stop, startClone: start }
        })
      }
      return nameReservations.withName(name, () => {
        const { limits, placement } = registry.find(originalId)
        // Beside its source unless somebody wants it elsewhere.
        if (engine === undefined) return begin({ place: places.of(registry.find(originalId)), placement })
        return places.choose({ id, name, limits, engine, constraints }, begin)
      })
    },
    async listSnapshots(reference, { measure, signal }) {
      const snapshots = records.snapshots.list(registry.find(reference, 'snapshots').id).toReversed()
      if (!measure) return snapshots.map(view)
      return Promise.all(snapshots.map((snapshot) => measured(services.at(snapshot), snapshot, signal ?? new AbortController().signal)))
    },
    async createSnapshot(reference, givenName) {
      await ready(reference)
      if (givenName !== undefined) checkSnapshotName(givenName)
      const made = Promise.withResolvers<SnapshotRecord>()
      const subject = subjectOf(registry.find(reference, 'snapshots'))
      const operation = await operations.begin(create, subject, async () => {
        const record = registry.find(subject.workspaceId)
        const name = givenName === undefined ? freeSnapshotName(services, record, snapshotNameOf(now())) : checkSnapshotName(givenName)
        if (records.snapshots.list(record.id).some((snapshot) => snapshot.name === name)) throw snapshotNameTaken(record.name, name)
        await copyLimits.snapshot(record)
        const snapshot = newSnapshot(services, record, { name, automatic: false })
        made.resolve(snapshot)
        return { ...identityOf(record), snapshot, source: await sourceOf(services.at(record), record) }
      })
      return { operation, snapshot: view(await made.promise) }
    },
    async restore(reference, snapshotReference, { force }) {
      await ready(reference)
      const subject = subjectOf(registry.find(reference, 'snapshots'))
      const operation = await operations.begin(restore, subject, async () => {
        const record = registry.find(subject.workspaceId)
        const snapshot = findSnapshot(record, snapshotReference)
        const wasRunning = await isRunningOnEngine(services, record)
        if (wasRunning && !force) throw running(record.name)
        await assertWhole(record, snapshot)
        const keep = services.settings().snapshotBeforeRestore
        await copyLimits.restore(record, snapshot, keep)
        const keepAs = keep ? { ...newAutomaticSnapshot(services, record, 'before-restore'), volumes: record.volumes } : null
        return {
          ...identityOf(record),
          source: snapshotSource(snapshot),
          layer: `${layerRepository(record.id)}:${newWorkspaceId()}`,
          // Where the workspace is now, wherever the snapshot is.
          next: { volumes: await freeVolumeNames(services.at(record), record), storage: record.storage },
          previous: { volumes: record.volumes, storage: record.storage },
          wasRunning,
          keepAs,
          imageBefore: registry.containerOf(record.id) ? null : await layerToBeginWith(services.at(record), record),
        }
      })
      return { operation: operations.get(operation.id), workspace: registry.view(registry.find(subject.workspaceId)) }
    },
    async restoreAs(reference, snapshotReference, { name, start }) {
      await ready(reference)
      return nameReservations.withName(name, async () => {
        const { id: originalId, place, placement } = registry.find(reference, 'snapshots')
        const id = newWorkspaceId()
        return nameReservations.begin(clone, { id, name, involves: [{ workspaceId: originalId, exclusive: false }] }, async () => {
          const original = registry.find(originalId)
          const snapshot = findSnapshot(original, snapshotReference)
          await assertWhole(original, snapshot)
          const record = await copyOf(original, { id, name, storage: snapshot.storage, place, placement })
          await copyLimits.restoreAs(snapshot, record)
          const source = snapshotSource(snapshot)
          return { id, name, place, record, source, sourceName: null, stopSource: false, startClone: start }
        })
      })
    },
    async deleteSnapshot(reference, snapshotReference) {
      await ready(reference)
      const subject = subjectOf(registry.find(reference, 'snapshots'))
      const operation = await operations.begin(remove, subject, () => {
        const record = registry.find(subject.workspaceId)
        return { ...identityOf(record), snapshotId: findSnapshot(record, snapshotReference).id }
      })
      return { operation }
    },
  }
}

async function measured({ storage, losses }: LifecycleServices, snapshot: SnapshotRecord, signal: AbortSignal): Promise<Snapshot> {
  const use = [...(await storage(snapshot.storage).measure(Object.values(snapshot.volumes), signal)).values()]
  const exclusive = use.map(({ exclusiveBytes }) => exclusiveBytes)
  return {
    ...snapshotView(snapshot, losses),
    bytes: use.reduce((sum, { bytes }) => sum + bytes, 0),
    exclusiveBytes: exclusive.some((bytes) => bytes === null) ? null : exclusive.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0),
  }
}

function running(workspace: string): BerthError {
  return new BerthError('WORKSPACE_RUNNING', `${workspace} is running, so unsaved work would be lost.`, {
    workspace,
    next: `Stop ${workspace} first, or restore with force to stop and restart it automatically.`,
  })
}

const PARTS: Record<SnapshotPart, string> = { home: 'home volume', docker: 'Docker volume', layer: 'layer' }

function incomplete(workspace: string, snapshot: string, missing: SnapshotPart[]): BerthError {
  const parts = missing.map((part) => `its ${PARTS[part]}`).join(', ')
  return new BerthError('SNAPSHOT_INCOMPLETE', `The snapshot ${snapshot} of ${workspace} is incomplete. Removed outside Berth: ${parts}.`, {
    ...{ workspace, snapshot, missing },
    next: `“berth doctor --repair” restores what it can. Otherwise choose another snapshot, or delete this one: “berth snapshot delete ${workspace} ${snapshot}”.`,
  })
}

function snapshotNameTaken(workspace: string, name: string): BerthError {
  return new BerthError('NAME_TAKEN', `${workspace} already has a snapshot named ${name}.`, {
    name,
    workspace,
    next: 'Choose another name, or delete the existing snapshot.',
  })
}
