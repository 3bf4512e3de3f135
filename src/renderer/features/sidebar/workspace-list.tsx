import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { go, routes } from '../../routes'
import { openNewFromTemplate } from '../../store/dialogs'
import { isHeld, useEngineNamed, useHasSeveralEngines, useStore } from '../../store/store'
import { StatusDot } from '../../ui/status-dot'
import { engineDot } from '../../workspace-model/engine/describe-engine'
import { isBusy } from '../../workspace-model/workspaces/describe-workspace'
import { startWorkspace, stopWorkspace } from '../../workspace-model/workspaces/workspace-actions'
import { filterWorkspaces, type SidebarGroup } from './filter-workspaces'
import { isGrouped } from './grouping'
import { WorkspaceRow } from './workspace-row'

const ROW_HEIGHT = 28
const TITLE_HEIGHT = 36
const PADDING = 4

interface WorkspaceListProps {
  groups: readonly SidebarGroup[]
  currentId: string | undefined
  /** Set to be able to move the focus into the list from outside it. */
  onReady(focusFirst: () => void): void
}

type ListRow = { kind: 'title'; group: SidebarGroup; title: string } | { kind: 'workspace'; group: SidebarGroup; id: string; index: number }

/** Only the rows in sight are in the document. Arrow keys move, Enter opens, Space starts or stops. */
export function WorkspaceList({ groups, currentId, onReady }: WorkspaceListProps) {
  const ids = useMemo(() => groups.flatMap((group) => group.ids), [groups])
  const rows = useMemo(() => rowsOf(groups), [groups])
  const rowOf = useCallback((index: number) => rows.findIndex((row) => row.kind === 'workspace' && row.index === index), [rows])
  const hasSeveralEngines = useHasSeveralEngines()
  const scroller = useRef<HTMLDivElement>(null)
  const [focusedId, setFocusedId] = useState<string | null>(null)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (at) => (rows[at]?.kind === 'title' ? TITLE_HEIGHT : ROW_HEIGHT),
    getItemKey: (at) => keyOf(rows[at], at),
    paddingStart: PADDING,
    paddingEnd: PADDING,
    scrollPaddingStart: PADDING,
    scrollPaddingEnd: PADDING,
    overscan: 8,
  })

  const tabStop = [focusedId, currentId, ids[0]].find((id) => typeof id === 'string' && ids.includes(id))
  const currentIndex = currentId === undefined ? -1 : ids.indexOf(currentId)

  useEffect(() => {
    if (currentIndex !== -1) virtualizer.scrollToIndex(rowOf(currentIndex), { align: 'auto' })
  }, [currentIndex, rowOf, virtualizer])

  const focusIndex = useCallback(
    (index: number) => {
      const id = ids[index]
      if (id === undefined) return
      virtualizer.scrollToIndex(rowOf(index), { align: 'auto' })
      // The row may not be in the document before the scroll is done.
      requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-workspace-id="${CSS.escape(id)}"]`)?.focus())
    },
    [ids, rowOf, virtualizer],
  )

  useEffect(() => onReady(() => focusIndex(0)), [onReady, focusIndex])

  const onKeyDown = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.altKey) return
    const index = ids.indexOf(event.target.dataset.workspaceId ?? '')
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 1)
    const moves: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: Math.min(ids.length - 1, index + page),
      PageUp: Math.max(0, index - page),
      Home: 0,
      End: ids.length - 1,
    }
    const target = moves[event.key]
    if (target !== undefined) focusIndex(target)
    else if (event.key === ' ') startOrStop(ids[index])
    else return
    event.preventDefault()
  }

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto">
      <ul className="relative" style={{ height: virtualizer.getTotalSize() }} onKeyDown={onKeyDown}>
        {virtualizer.getVirtualItems().map((item) => {
          const style = { transform: `translateY(${item.start}px)` }
          const row = rows[item.index]
          if (row === undefined) return null
          if (row.kind === 'title') {
            return (
              <li key={item.key} className="absolute inset-x-0 top-0 px-4 pt-3 pb-1 font-semibold text-ink-muted text-sm" style={style}>
                <GroupTitle title={row.title} engine={row.group.engine} />
              </li>
            )
          }
          const { id, index, group } = row
          return (
            <li key={item.key} aria-setsize={ids.length} aria-posinset={index + 1} className="absolute inset-x-0 top-0" style={style}>
              <WorkspaceRow
                id={id}
                isCurrent={id === currentId}
                isTabStop={id === tabStop}
                showsEngine={hasSeveralEngines && group.engine === null}
                onFocus={setFocusedId}
              />
            </li>
          )
        })}
      </ul>
    </div>
  )
}

function rowsOf(groups: readonly SidebarGroup[]): ListRow[] {
  let index = 0
  return groups.flatMap((group): ListRow[] => [
    ...(group.title === null ? [] : [{ kind: 'title' as const, group, title: group.title }]),
    ...group.ids.map((id) => ({ kind: 'workspace' as const, group, id, index: index++ })),
  ])
}

function keyOf(row: ListRow | undefined, at: number): string | number {
  return row === undefined ? at : row.kind === 'title' ? `title ${row.group.key}` : row.id
}

/** The dot says what is the matter with the engine; while it answers there is nothing to say. */
function GroupTitle({ title, engine }: { title: string; engine: string | null }) {
  const state = useEngineNamed(engine)
  return (
    <span className="flex items-center gap-1.5">
      <span className="truncate">{title}</span>
      {state !== null && state.status !== 'connected' && <StatusDot state={engineDot(state)} className="scale-75" />}
    </span>
  )
}

function startOrStop(id: string | undefined): void {
  const workspace = id === undefined ? undefined : useStore.getState().workspaces.byId[id]
  if (workspace === undefined || isBusy(workspace) || isHeld(useStore.getState(), workspace.id)) return
  if (workspace.running) stopWorkspace(workspace)
  else if (workspace.template) openNewFromTemplate(workspace.id)
  else startWorkspace(workspace)
}

/** Opens the workspace `offset` places below the current one, in the order of the sidebar. */
export function openNeighbour(currentId: string | undefined, offset: 1 | -1): void {
  const { workspaces, engines } = useStore.getState()
  const { byId } = workspaces
  const ids = filterWorkspaces(workspaces, { query: '', engines, isGrouped: isGrouped() }).flatMap((group) => group.ids)
  const index = currentId === undefined ? -1 : ids.indexOf(currentId)
  const neighbour = byId[ids[index === -1 ? 0 : index + offset] ?? '']
  if (neighbour !== undefined) go(routes.workspace(neighbour.name))
}
