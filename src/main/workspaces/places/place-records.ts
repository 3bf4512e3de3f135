import type { Records } from '../../settings/records'

/**
 * The records as one engine sees them: lists and look-ups by id have what lives in that place only, so that whatever looks after an engine as a
 * whole takes nothing of another for its own. Names are looked up everywhere, since they are unique everywhere.
 */
export function recordsIn(records: Records, place: string): Records {
  const isHere = (record: { place: string }) => record.place === place
  const ifHere = <Item extends { place: string }>(record: Item | null) => (record !== null && isHere(record) ? record : null)
  return {
    ...records,
    list: () => records.list().filter(isHere),
    get: (id) => ifHere(records.get(id)),
    snapshots: {
      ...records.snapshots,
      list: (workspaceId) => records.snapshots.list(workspaceId).filter(isHere),
      get: (id) => ifHere(records.snapshots.get(id)),
    },
  }
}
