import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { go, routes } from '../../routes'
import { openNewFromTemplate } from '../../store/dialogs'
import { isHeld, useStore } from '../../store/store'
import { isBusy } from '../../workspace-model/workspaces/describe-workspace'
import { startWorkspace, stopWorkspace } from '../../workspace-model/workspaces/workspace-actions'
import { filterWorkspaces, type SidebarIds } from './filter-workspaces'
import { WorkspaceRow } from './workspace-row'

const ROW_HEIGHT = 28
const TITLE_HEIGHT = 36
const PADDING = 4
const TITLE_KEY = 'templates'

interface WorkspaceListProps {
  ids: SidebarIds
  currentId: string | undefined
  /** Set to be able to move the focus into the list from outside it. */
  onReady(focusFirst: () => void): void
}

/** Only the rows in sight are in the document. Arrow keys move, Enter opens, Space starts or stops. */
export function WorkspaceList({ ids: { workspaces, templates }, currentId, onReady }: WorkspaceListProps) {
  const ids = useMemo(() => [...workspaces, ...templates], [workspaces, templates])
  /** Rows above the title of the templates; all there are when there is no template. */
  const above = templates.length > 0 ? workspaces.length : ids.length
  const rowOf = useCallback((index: number) => (index < above ? index : index + 1), [above])
  const scroller = useRef<HTMLDivElement>(null)
  const [focusedId, setFocusedId] = useState<string | null>(null)
  const virtualizer = useVirtualizer({
    count: templates.length > 0 ? ids.length + 1 : ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: (row) => (row === above ? TITLE_HEIGHT : ROW_HEIGHT),
    getItemKey: (row) => (row === above ? TITLE_KEY : (ids[row < above ? row : row - 1] ?? row)),
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
          if (item.index === above) {
            return (
              <li key={item.key} className="absolute inset-x-0 top-0 px-4 pt-3 pb-1 font-semibold text-ink-muted text-sm" style={style}>
                Templates
              </li>
            )
          }
          const index = item.index < above ? item.index : item.index - 1
          const id = ids[index]
          return id === undefined ? null : (
            <li key={item.key} aria-setsize={ids.length} aria-posinset={index + 1} className="absolute inset-x-0 top-0" style={style}>
              <WorkspaceRow id={id} isCurrent={id === currentId} isTabStop={id === tabStop} onFocus={setFocusedId} />
            </li>
          )
        })}
      </ul>
    </div>
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
  const { workspaces } = useStore.getState()
  const { byId } = workspaces
  const order = filterWorkspaces(workspaces, '')
  const ids = [...order.workspaces, ...order.templates]
  const index = currentId === undefined ? -1 : ids.indexOf(currentId)
  const neighbour = byId[ids[index === -1 ? 0 : index + offset] ?? '']
  if (neighbour !== undefined) go(routes.workspace(neighbour.name))
}
