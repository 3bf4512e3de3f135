import { formatBytes } from '../../../shared/byte-size'
import { isBerthError } from '../../../shared/errors'
import type { Finding } from '../../../shared/finding'
import { log } from '../../log'
import type { Operations } from '../../operations/operations'
import type { SnapshotRecord, WorkspaceRecord } from '../../settings/records'
import { LABEL_ID, LABEL_OWNER, LABEL_ROLE } from '../../storage/drivers/storage-context'
import type { Storage } from '../../storage/storage'
import { type Inventory, readInventory } from '../base/inventory'
import { chooseLayer } from '../base/layer-choice'
import type { LifecycleServices } from '../base/lifecycle-services'
import { type Losses, missingParts } from '../base/losses'
import { createContainer } from '../lifecycle/create-container'
import type { Protection } from '../protection/protection'
import { containerGone, snapshotIncomplete, unprotected, volumeGone } from './findings'

interface DoctorOptions {
  services: LifecycleServices
  operations: Pick<Operations, 'activeOn' | 'whileIdle'>
  storage: Pick<Storage, 'subvolumes' | 'restoreVolumes'>
  protection: Protection
  losses: Pick<Losses, 'look'>
}

/** Of one engine. */
export interface Doctor {
  /** What should exist and does not, by a look at the engine now. Throws ENGINE_UNREACHABLE. Changes nothing. */
  examine(): Promise<Finding[]>
  /**
   * Restores what can be restored without loss, and removes nothing. Returns what was found: as `repaired` where that is mended now, and
   * as it is where it is not. Throws ENGINE_UNREACHABLE.
   */
  repair(): Promise<Finding[]>
}

/** Marks containers that no operation has made. */
const REPAIR = 'repair'

export function createDoctor({ services, operations, storage, protection, losses }: DoctorOptions): Doctor {
  const { engine, records, installationId } = services

  /** What an operation is making or removing at this moment is not missing. */
  const isBusy = (workspaceId: string) => operations.activeOn(workspaceId) !== null

  async function ofWorkspace(record: WorkspaceRecord, inventory: Inventory, onPool: ReadonlySet<string>): Promise<Finding[]> {
    const gone = Object.entries(record.volumes).filter(([, volume]) => !inventory.volumeNames.has(volume))
    const [newest] = records.snapshots
      .list(record.id)
      .filter((snapshot) => missingParts(snapshot, inventory).length === 0)
      .toReversed()
    const findings = gone.map(([role, volume]) => volumeGone(record, role, volume, onPool.has(volume), newest?.name ?? null))
    if (hasContainer(record, inventory)) return findings
    const hasVolumes = findings.every(({ outcome }) => outcome === 'restorable')
    return [containerGone(record, await chooseLayer(services, record), hasVolumes), ...findings]
  }

  function ofSnapshot(snapshot: SnapshotRecord, inventory: Inventory, onPool: ReadonlySet<string>): Finding[] {
    const workspace = records.get(snapshot.workspaceId)?.name ?? null
    return missingParts(snapshot, inventory).map((part) => {
      const isRestorable = part === 'layer' ? protection.holdsLayer(snapshot.id) : onPool.has(snapshot.volumes[part])
      return snapshotIncomplete(snapshot, workspace, part, isRestorable)
    })
  }

  async function ofNetwork(): Promise<Finding[]> {
    const network = await engine.networks.inspect(`berth.${installationId}`)
    if (!network || network.labels[LABEL_OWNER] === installationId) return []
    return [
      {
        ...{ id: `network:${network.id}`, kind: 'network-foreign', severity: 'error', outcome: 'decision', workspace: null },
        message: `The network ${network.name} does not belong to this Berth, so no workspace can be started.`,
        next: 'Remove or rename it if it is not needed.',
      },
    ]
  }

  function ofProtection(): Finding[] {
    const tooLarge = [...protection.largeLayers()].map(([id, bytes]) => {
      const reason = `the layer of the stopped workspace (${formatBytes(bytes)}) is larger than the setting keptLayerMegabytes allows`
      return unprotected(id, records.get(id)?.name ?? null, reason, 'Increase the setting, or take a snapshot.')
    })
    const tooMany = protection.unprotected().map((id) => {
      const owner = records.snapshots.get(id)
      const workspace = records.get(owner?.workspaceId ?? id)?.name ?? null
      const reason = owner ? `the layer of the snapshot ${owner.name} has no keeper` : 'it has no keeper'
      return unprotected(id, workspace, reason, 'Delete snapshots that you no longer need: the number of keepers is limited.')
    })
    return [...tooLarge, ...tooMany]
  }

  async function examine(): Promise<Finding[]> {
    await services.ready()
    const inventory = await readInventory(engine, records, installationId)
    const recorded = [...records.list(), ...records.snapshots.list()]
    const isPoolAsked = recorded.some(
      ({ storage: driver, volumes }) => driver === 'btrfs' && Object.values(volumes).some((name) => !inventory.volumeNames.has(name)),
    )
    const onPool = new Set(isPoolAsked ? await storage.subvolumes() : [])
    const findings: Finding[] = []
    for (const record of records.list()) {
      if (!isBusy(record.id)) findings.push(...(await ofWorkspace(record, inventory, onPool)))
    }
    for (const snapshot of records.snapshots.list()) {
      if (!isBusy(snapshot.workspaceId)) findings.push(...ofSnapshot(snapshot, inventory, onPool))
    }
    findings.push(...records.list().flatMap(lostSecrets), ...(await ofNetwork()), ...ofProtection())
    return findings
  }

  /** A container from its whole layer; its start is for whoever wants it started. */
  async function recreate(record: WorkspaceRecord): Promise<void> {
    await operations.whileIdle(record.id, async () => {
      const inventory = await readInventory(engine, records, installationId)
      const layer = await chooseLayer(services, record)
      const isWhole = Object.values(record.volumes).every((volume) => inventory.volumeNames.has(volume))
      if (!layer?.isWhole || !isWhole || hasContainer(record, inventory)) return
      await createContainer(services, record, layer.reference, { operationId: REPAIR, notice: (text) => log.warn(text) })
    })
  }

  function lostSecrets(record: WorkspaceRecord): Finding[] {
    const { lost } = services.environmentOf(record)
    const credential = record.repoCredential !== null && services.secrets.open(record.repoCredential) === null
    const names = credential ? [...lost, 'credential of the repository'] : lost
    if (names.length === 0) return []
    const finding = {
      id: `secrets:${record.id}`,
      kind: 'secrets-lost',
      severity: 'error',
      outcome: 'decision',
      workspace: record.name,
    } as const
    return [
      {
        ...finding,
        message: `Secrets of ${record.name} can no longer be decrypted: ${names.join(', ')}. Their key is gone or was replaced.`,
        next: `Set them again: “berth configure ${record.name} --env NAME=VALUE”, or “berth settings set env” for those of all workspaces.`,
      },
    ]
  }

  return {
    examine,
    async repair() {
      const before = await examine()
      const restorable = before.filter(({ outcome }) => outcome === 'restorable')
      if (restorable.some(({ kind }) => kind === 'volume-gone' || kind === 'snapshot-volume-gone')) await storage.restoreVolumes()
      if (restorable.some(({ kind }) => kind === 'snapshot-layer-gone')) await protection.restoreLayers()
      for (const { workspace } of restorable.filter(({ kind }) => kind === 'container-gone')) {
        const record = workspace === null ? null : records.findByName(workspace)
        try {
          if (record) await recreate(record)
        } catch (error) {
          // What it is in the way of is found again below.
          if (!isBerthError(error) || isBerthError(error, 'ENGINE_UNREACHABLE')) throw error
          log.warn({ err: error, workspace }, 'a container could not be recreated')
        }
      }
      await protection.reconcile()
      await losses.look()
      const after = await examine()
      const repaired = before.filter(({ id }) => !after.some((finding) => finding.id === id))
      return [...repaired.map((finding): Finding => ({ ...finding, outcome: 'repaired' })), ...after]
    },
  }
}

function hasContainer({ id }: Pick<WorkspaceRecord, 'id'>, { containers }: Pick<Inventory, 'containers'>): boolean {
  return containers.some(({ labels }) => labels[LABEL_ID] === id && labels[LABEL_ROLE] === 'workspace')
}
