import type { Workspace } from '../../../shared/workspace'
import type { Collection } from '../../store/reducer'

/** Ids of those whose name or label has every word of `query` in it, in their own order. */
export function filterWorkspaces({ byId, ids }: Collection<Workspace>, query: string): readonly string[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return ids
  return ids.filter((id) => {
    const workspace = byId[id]
    if (workspace === undefined) return false
    const text = `${workspace.name} ${workspace.label ?? ''}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
