import type { Records } from '../../settings/records'

/**
 * The records as seen by one engine: lists and lookups by id only have what is in that place, so that nothing that looks after an engine
 * takes resources of another for its own. Names are looked up everywhere, since they are unique everywhere.
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
