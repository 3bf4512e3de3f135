import type { Records } from '../../settings/records'
import { resourceLabels } from './workspace-resources'

/** The labels of the volume that some workspace or snapshot is recorded with; null when none is. */
export function recordedVolumeLabels(
  records: { list: Records['list']; get: Records['get']; snapshots: Pick<Records['snapshots'], 'list'> },
  owner: string,
  volume: string,
): Record<string, string> | null {
  const roleIn = ({ home, docker }: { home: string; docker: string }) => (volume === home ? 'home' : volume === docker ? 'docker' : null)
  for (const record of records.list()) {
    const role = roleIn(record.volumes)
    if (role) return resourceLabels(record, role, owner)
  }
  for (const snapshot of records.snapshots.list()) {
    const role = roleIn(snapshot.volumes)
    const name = records.get(snapshot.workspaceId)?.name ?? ''
    if (role) return resourceLabels({ id: snapshot.workspaceId, name }, `snapshot-${role}`, owner)
  }
  return null
}
