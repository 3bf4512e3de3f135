import type { EngineView } from '../../../shared/contract/engines'
import type { Workspace } from '../../../shared/workspace'
import type { Collection } from '../../store/reducer'

/** Workspaces below one another in the sidebar. */
export interface SidebarGroup {
  key: string
  /** null for those that need none. */
  title: string | null
  /** Name of the engine that all of them are on; null where they may be on several. */
  engine: string | null
  ids: readonly string[]
}

export interface SidebarView {
  /** Each word is sought in names, labels and, with several engines, in the names of these. */
  query: string
  engines: readonly Pick<EngineView, 'name'>[]
  /** By their engines; host workspaces then are a group of their own. */
  isGrouped: boolean
}

/** What the sidebar shows, each group in its own order: workspaces, or those of each engine, and then templates apart. Empty groups are left out. */
export function filterWorkspaces({ byId, ids }: Collection<Workspace>, { query, engines, isGrouped }: SidebarView): SidebarGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const showsEngines = engines.length > 1
  const found = ids
    .flatMap((id) => byId[id] ?? [])
    .filter(({ name, label, engine }) => {
      const text = `${name} ${label ?? ''} ${showsEngines ? (engine ?? '') : ''}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
  const workspaces = found.filter(({ template }) => !template)
  const groups =
    isGrouped && showsEngines
      ? [
          ...engines.map(({ name }) =>
            group(
              `engine ${name}`,
              name,
              name,
              workspaces.filter(({ engine }) => engine === name),
            ),
          ),
          group(
            'host',
            'This machine',
            null,
            workspaces.filter(({ engine }) => engine === null),
          ),
        ]
      : [group('workspaces', null, null, workspaces)]
  const templates = found.filter(({ template }) => template)
  return [...groups, group('templates', 'Templates', null, templates)].filter((each) => each.ids.length > 0)
}

function group(key: string, title: string | null, engine: string | null, workspaces: readonly Workspace[]): SidebarGroup {
  return { key, title, engine, ids: workspaces.map(({ id }) => id) }
}

/** Whether they show the same in the same order. */
export function areSameGroups(some: readonly SidebarGroup[], others: readonly SidebarGroup[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ key, ids }, index) => {
      const other = others[index]
      return key === other?.key && ids.length === other.ids.length && ids.every((id, place) => id === other.ids[place])
    })
  )
}
