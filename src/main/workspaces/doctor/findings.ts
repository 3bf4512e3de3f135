import type { DamagedFile } from '../../../shared/damaged-file'
import type { BerthError } from '../../../shared/errors'
import type { Finding } from '../../../shared/finding'
import { minuteText } from '../../../shared/minute-text'
import type { Operation } from '../../../shared/operation'
import type { SnapshotPart } from '../../../shared/snapshot'
import type { SnapshotRecord, WorkspaceRecord } from '../../settings/records'
import { describeLayer, type LayerChoice } from '../base/layer-choice'
import { containerName } from '../base/workspace-resources'

type Owner = Pick<WorkspaceRecord, 'id' | 'name'>

/** `layer` is what the container can be recreated from; null for no more than its image. `hasVolumes`: they are there, or can be restored. */
export function containerGone({ id, name }: Owner, layer: LayerChoice | null, hasVolumes: boolean): Finding {
  const message = `The container ${containerName(name)} was removed outside Berth`
  const recreate = `“berth start ${name} --recreate”`
  const finding = { id: `container:${id}`, kind: 'container-gone', severity: 'error', workspace: name } as const
  if (layer?.isWhole) {
    return {
      ...{ ...finding, outcome: hasVolumes ? 'restorable' : 'decision' },
      message: `${message}. Its layer was kept when it stopped (${minuteText(layer.at)}).`,
      next: hasVolumes
        ? 'Repair it or start it. Either recreates it from that layer without loss.'
        : `${recreate} recreates it from that layer.`,
    }
  }
  if (layer === null) {
    const next = `${recreate} recreates it from its image.`
    return { ...finding, outcome: 'lost', message: `${message}, with the software installed outside the home folder.`, next }
  }
  return {
    ...{ ...finding, outcome: 'lost' },
    message: `${message}. Software installed outside the home folder since ${minuteText(layer.at)} is lost.`,
    next: `${recreate} recreates it from ${describeLayer(layer)} of ${minuteText(layer.at)}.`,
  }
}

/** `isOnPool`: only the engine's name for the data is gone. */
export function volumeGone({ name }: Owner, role: string, volume: string, isOnPool: boolean, snapshot: string | null): Finding {
  const finding = { id: `volume:${volume}`, kind: 'volume-gone', severity: 'error', workspace: name } as const
  const message = `The ${role === 'home' ? 'home' : 'Docker'} volume ${volume} was removed outside Berth`
  if (isOnPool) return { ...finding, outcome: 'restorable', message: `${message}; its data is still in the pool.`, next: 'Repair it.' }
  const restore = snapshot === null ? '' : `“berth snapshot restore ${name} ${snapshot}” restores its newest snapshot. `
  const next = `${restore}“berth start ${name} --recreate” starts with an empty volume.`
  return { ...finding, outcome: 'lost', message: `${message}, with everything in it.`, next }
}

export function snapshotIncomplete(
  snapshot: Pick<SnapshotRecord, 'id' | 'name'>,
  workspace: string | null,
  part: SnapshotPart,
  isRestorable: boolean,
): Finding {
  const what = { home: 'home volume', docker: 'Docker volume', layer: 'image with the installed software' }[part]
  const remove =
    workspace === null
      ? 'Its workspace is gone. “berth storage cleanup” removes the rest of it.'
      : `It cannot be restored completely. Delete it: “berth snapshot delete ${workspace} ${snapshot.name}”.`
  return {
    id: `snapshot-${part}:${snapshot.id}`,
    kind: part === 'layer' ? 'snapshot-layer-gone' : 'snapshot-volume-gone',
    severity: 'error',
    outcome: isRestorable ? 'restorable' : 'lost',
    workspace,
    message: `The ${what} of the snapshot ${snapshot.name} was removed outside Berth${isRestorable ? '; its data still exists' : ''}.`,
    next: isRestorable ? 'Repair it.' : remove,
  }
}

/** Nothing is wrong; a clean-up by others would take it. */
export function unprotected(id: string, workspace: string | null, reason: string, next: string): Finding {
  return {
    ...{ id: `unprotected:${id}`, kind: 'unprotected', severity: 'notice', outcome: 'decision', workspace },
    message: `A Docker clean-up would remove a layer: ${reason}.`,
    next,
  }
}

export function engineAway(engine: string, { message }: BerthError): Finding {
  return {
    ...{ id: `engine:${engine}`, kind: 'engine-away', severity: 'warning', outcome: 'decision', workspace: null },
    message: `The engine ${engine} could not be checked. ${message}`,
    next: 'Start it, or check the connection. Berth reconnects automatically.',
  }
}

export function operationFindings({ id, workspaceName, waiting }: Operation): Finding[] {
  if (!waiting) return []
  return [
    {
      ...{ id: `operation:${id}`, kind: 'operation-waiting', severity: 'warning', outcome: 'decision', workspace: workspaceName },
      message: `An operation is waiting: ${waiting.problem.message}`,
      next: 'Retry it, or accept it as it is. “berth operation list” lists it.',
    },
  ]
}

export function damagedFileFinding({ setAsideAs, name, reason }: DamagedFile): Finding {
  return {
    ...{ id: `file:${setAsideAs}`, kind: 'file-damaged', severity: 'error', outcome: 'decision', workspace: null },
    message: `${name} could not be read: ${reason}`,
    next: `It was set aside as ${setAsideAs}. Repair it, or accept the damage.`,
  }
}
