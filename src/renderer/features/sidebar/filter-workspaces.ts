import type { Workspace } from '../../../shared/workspace'
import type { Collection } from '../../store/reducer'

/** Ids in the order of the sidebar: workspaces, then templates apart. */
export interface SidebarIds {
  workspaces: readonly string[]
  templates: readonly string[]
}

/** Those whose name or label has every word of `query` in it, in their own order. */
export function filterWorkspaces({ byId, ids }: Collection<Workspace>, query: string): SidebarIds {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const found: { workspaces: string[]; templates: string[] } = { workspaces: [], templates: [] }
  for (const id of ids) {
    const workspace = byId[id]
    if (workspace === undefined) continue
    const text = `${workspace.name} ${workspace.label ?? ''}`.toLowerCase()
    if (words.every((word) => text.includes(word))) found[workspace.template ? 'templates' : 'workspaces'].push(id)
  }
  return found
}
