import type { DamagedFile } from '../../../shared/damaged-file'
import type { Finding } from '../../../shared/finding'
import type { Operation } from '../../../shared/operation'
import type { SnapshotRecord, WorkspaceRecord } from '../../settings/records'
import { LABEL_OWNER } from '../../storage/drivers/storage-context'
import type { LifecycleServices } from '../base/lifecycle-services'
import { allContainersOf } from '../base/own-containers'
import { containerName, layerRepository } from '../base/workspace-resources'

interface DoctorOptions {
  services: Pick<LifecycleServices, 'engine' | 'ready' | 'records' | 'registry' | 'installationId' | 'secrets' | 'environmentOf'>
  operations: () => Operation[]
  damagedFiles: () => DamagedFile[]
}

export interface Doctor {
  /** What should exist and does not, by a look at the engine now. Throws ENGINE_UNREACHABLE. Changes nothing. */
  examine(): Promise<Finding[]>
}

export function createDoctor({ services, operations, damagedFiles }: DoctorOptions): Doctor {
  const { engine, records, installationId } = services

  async function ofWorkspace(record: WorkspaceRecord, volumes: ReadonlySet<string>): Promise<Finding[]> {
    const { id, name } = record
    const recreate = `Restore a snapshot, or accept the loss: “berth start ${name} --recreate”.`
    const findings: Finding[] = []
    // What an operation is making or removing at this moment is not missing.
    if (services.registry.view(record).operationId !== null) return findings
    if ((await allContainersOf(engine, record)).length === 0) {
      findings.push({
        ...{ id: `container:${id}`, kind: 'container-gone', severity: 'error', workspace: name, next: recreate },
        message: `The container ${containerName(name)} was removed outside Berth, with what was installed outside the home folder.`,
      })
    }
    for (const [role, volume] of Object.entries(record.volumes)) {
      if (volumes.has(volume) || (await engine.volumes.inspect(volume)) !== null) continue
      findings.push({
        ...{ id: `volume:${volume}`, kind: 'volume-gone', severity: 'error', workspace: name, next: recreate },
        message: `The ${role === 'home' ? 'home' : 'Docker'} volume ${volume} was removed outside Berth.`,
      })
    }
    return findings
  }

  async function ofSnapshot(snapshot: SnapshotRecord, volumes: ReadonlySet<string>): Promise<Finding[]> {
    const workspace = records.get(snapshot.workspaceId)?.name ?? null
    const next = `It cannot be restored as it was: “berth snapshot delete ${workspace} ${snapshot.name}”.`
    const gone = Object.values(snapshot.volumes).filter((volume) => !volumes.has(volume))
    const findings: Finding[] = []
    for (const volume of gone) {
      // One of another tool has no label of Berth's.
      if ((await engine.volumes.inspect(volume)) !== null) continue
      findings.push({
        ...{ id: `snapshot-volume:${volume}`, kind: 'snapshot-volume-gone', severity: 'error', workspace, next },
        message: `The volume ${volume} of the snapshot ${snapshot.name} was removed outside Berth.`,
      })
    }
    if ((await engine.images.listReferences(layerRepository(snapshot.id))).length === 0) {
      findings.push({
        ...{ id: `snapshot-layer:${snapshot.id}`, kind: 'snapshot-layer-gone', severity: 'error', workspace, next },
        message: `The image with what was installed in the snapshot ${snapshot.name} was removed outside Berth.`,
      })
    }
    return findings
  }

  function lostSecrets(record: WorkspaceRecord): Finding[] {
    const { lost } = services.environmentOf(record)
    const credential = record.repoCredential !== null && services.secrets.open(record.repoCredential) === null
    const names = credential ? [...lost, 'credential of the repository'] : lost
    if (names.length === 0) return []
    const finding = { id: `secrets:${record.id}`, kind: 'secrets-lost', severity: 'error', workspace: record.name } as const
    return [
      {
        ...finding,
        message: `Secrets of ${record.name} cannot be decrypted any more: ${names.join(', ')}. Their key is gone or was replaced.`,
        next: `Set them again: “berth configure ${record.name} --env NAME=VALUE”, or “berth settings set env” for those of all workspaces.`,
      },
    ]
  }

  return {
    async examine() {
      await services.ready()
      const listed = await engine.volumes.list(`${LABEL_OWNER}=${installationId}`)
      const volumes = new Set(listed.map(({ name }) => name))
      const findings: Finding[] = []
      for (const record of records.list()) findings.push(...(await ofWorkspace(record, volumes)))
      for (const snapshot of records.snapshots.list()) findings.push(...(await ofSnapshot(snapshot, volumes)))
      for (const record of records.list()) findings.push(...lostSecrets(record))
      const network = await engine.networks.inspect(`berth.${installationId}`)
      if (network && network.labels[LABEL_OWNER] !== installationId) {
        findings.push({
          ...{ id: `network:${network.id}`, kind: 'network-foreign', severity: 'error', workspace: null },
          message: `The network ${network.name} is not this Berth’s, so no workspace can be started.`,
          next: 'Remove or rename it if nobody needs it.',
        })
      }
      for (const { id, workspaceName, waiting } of operations()) {
        if (!waiting) continue
        findings.push({
          ...{ id: `operation:${id}`, kind: 'operation-waiting', severity: 'warning', workspace: workspaceName },
          message: `An operation waits: ${waiting.problem.message}`,
          next: '“berth operation” lists it; retry it, or accept it as it is.',
        })
      }
      for (const file of damagedFiles()) {
        findings.push({
          ...{ id: `file:${file.setAsideAs}`, kind: 'file-damaged', severity: 'error', workspace: null },
          message: `${file.name} could not be read: ${file.reason}`,
          next: `It was set aside as ${file.setAsideAs}. Put it right, or accept the damage.`,
        })
      }
      return findings
    },
  }
}
