import { FileInput, Plus, Search, Server, X } from 'lucide-react'
import { type KeyboardEvent, useCallback, useDeferredValue, useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import { go, routes } from '../../routes'
import { partOf, type ScreenEntry } from '../../screen'
import { openDialog, openNewWorkspace } from '../../store/dialogs'
import { useHasSeveralEngines, useStore } from '../../store/store'
import { BerthMark } from '../../ui/berth-mark'
import { Button, IconButton, IconToggle } from '../../ui/button'
import { classNames } from '../../ui/class-names'
import { Skeleton } from '../../ui/skeleton'
import { useMediaQuery } from '../../ui/use-media-query'
import { AwayEngines } from './away-engines'
import { areSameGroups, filterWorkspaces, type SidebarGroup } from './filter-workspaces'
import { setGrouped, useIsGrouped } from './grouping'
import { OtherWorkspaces } from './other-workspaces'
import { WorkspaceList } from './workspace-list'

/** Below this it is a drawer, as Tailwind's `max-sm` has it. */
const NARROW = '(width < 40rem)'

interface SidebarProps {
  /** As a drawer, in a narrow window: whether it is in sight. */
  isOpen: boolean
  onClose(): void
  screens: readonly ScreenEntry[]
  /** The path of the screen that is shown. */
  path: string
  currentId: string | undefined
}

/** Found by the shortcut that goes to the filter. */
export const FILTER_ID = 'workspace-filter'

/** What the button that opens it as a drawer controls. */
export const SIDEBAR_ID = 'sidebar'

export function Sidebar({ isOpen, onClose, screens, path, currentId }: SidebarProps) {
  const isDrawer = useMediaQuery(NARROW)
  const drawer = useRef<HTMLElement>(null)
  useEffect(() => {
    if (isDrawer && isOpen) drawer.current?.focus()
  }, [isDrawer, isOpen])
  const loaded = useStore((state) => state.loaded)
  const [query, setQuery] = useState('')
  const sought = useDeferredValue(query)
  const total = useStore((state) => state.workspaces.ids.length)
  const isGrouped = useIsGrouped()
  const groups = useFilteredGroups(sought, isGrouped)
  const hasSeveralEngines = useHasSeveralEngines()
  const focusList = useRef<() => void>(() => {})
  const keepFocusList = useCallback((focusFirst: () => void) => {
    focusList.current = focusFirst
  }, [])

  const onFilterKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') focusList.current()
    else if (event.key === 'Escape') setQuery('')
    else if (event.key === 'Enter') openFirst(groups)
    else return
    event.preventDefault()
  }

  return (
    <>
      {isDrawer && isOpen && <div aria-hidden className="fixed inset-0 z-20 bg-scrim" onClick={onClose} />}
      <aside
        ref={drawer}
        id={SIDEBAR_ID}
        aria-label="Sidebar"
        tabIndex={-1}
        inert={isDrawer && !isOpen}
        onKeyDown={isDrawer ? (event) => event.key === 'Escape' && onClose() : undefined}
        // Also for what is open already: it is behind the drawer.
        onClick={isDrawer ? ({ target }) => target instanceof Element && target.closest('a') !== null && onClose() : undefined}
        className={classNames(
          'flex w-54 shrink-0 flex-col border-line border-r bg-sunken outline-none min-[900px]:w-64 min-[1800px]:w-72',
          'max-sm:fixed max-sm:inset-y-0 max-sm:left-0 max-sm:z-30 max-sm:w-72 max-sm:transition-transform max-sm:duration-(--time-slow)',
          isOpen ? 'max-sm:shadow-overlay' : 'max-sm:-translate-x-full',
        )}
      >
        <div className="flex h-11 shrink-0 items-center gap-2 pr-2 pl-4">
          <BerthMark className="size-4.5" />
          <span className="flex-1 font-semibold">Berth</span>
          <IconButton icon={Search} label="Command palette" shortcut="Mod K" onClick={() => openDialog({ kind: 'palette' })} />
        </div>
        <div className="mx-2 mb-1 flex shrink-0 items-center gap-1">
          <div className="relative min-w-0 flex-1">
            <Search aria-hidden className="-translate-y-1/2 absolute top-1/2 left-2 size-3.5 text-ink-faint" />
            <input
              id={FILTER_ID}
              type="text"
              aria-label="Filter workspaces"
              placeholder="Filter"
              autoComplete="off"
              spellCheck={false}
              value={query}
              onChange={(event) => setQuery(event.target.value)}
              onKeyDown={onFilterKey}
              className="h-7 w-full rounded-md bg-hover pr-7 pl-7.5 placeholder:text-ink-faint hover:bg-pressed focus:bg-canvas"
            />
            {query !== '' && (
              <IconButton size="small" icon={X} label="Clear filter" className="absolute top-0.5 right-0.5" onClick={() => setQuery('')} />
            )}
          </div>
          {hasSeveralEngines && (
            <IconToggle icon={Server} label="Group by engine" isOn={isGrouped} onClick={() => setGrouped(!isGrouped)} />
          )}
        </div>
        <nav aria-label="Workspaces" className="flex min-h-0 flex-1 flex-col">
          {loaded ? <WorkspaceList groups={groups} currentId={currentId} onReady={keepFocusList} /> : <LoadingRows />}
          {loaded && total > 0 && groups.length === 0 && (
            <p role="status" className="absolute mt-2 w-54 px-4 text-ink-muted min-[900px]:w-64">
              No workspace matches “{sought}”.
            </p>
          )}
        </nav>
        {loaded && <OtherWorkspaces />}
        {loaded && <AwayEngines />}
        <nav aria-label="Screens" className="shrink-0 border-line border-t p-2 pb-0">
          {screens.map((screen) => (
            <ScreenLink key={screen.path} screen={screen} isCurrent={partOf(screen, path) !== null} />
          ))}
        </nav>
        <div className="flex shrink-0 gap-1 p-2">
          <Button icon={Plus} className="flex-1" onClick={() => openNewWorkspace()}>
            New workspace
          </Button>
          <IconButton icon={FileInput} label="Import…" variant="secondary" onClick={() => openDialog({ kind: 'import-workspace' })} />
        </div>
      </aside>
    </>
  )
}

/** The same arrays until what matches changes. */
function useFilteredGroups(query: string, isGrouped: boolean): readonly SidebarGroup[] {
  const kept = useRef<readonly SidebarGroup[]>([])
  return useStore(({ workspaces, engines }) => {
    const found = filterWorkspaces(workspaces, { query, engines, isGrouped })
    if (!areSameGroups(found, kept.current)) kept.current = found
    return kept.current
  })
}

function openFirst([group]: readonly SidebarGroup[]): void {
  const first = useStore.getState().workspaces.byId[group?.ids[0] ?? '']
  if (first !== undefined) go(routes.workspace(first.name))
}

function ScreenLink({ screen: { path, title, icon: Icon }, isCurrent }: { screen: ScreenEntry; isCurrent: boolean }) {
  return (
    <Link
      href={path}
      aria-current={isCurrent ? 'page' : undefined}
      className={classNames(
        'flex h-7 items-center gap-2 rounded-md px-2',
        isCurrent ? 'bg-selected text-ink' : 'text-ink-muted hover:bg-hover hover:text-ink',
      )}
    >
      <Icon aria-hidden className="size-3.5" />
      {title}
    </Link>
  )
}

function LoadingRows() {
  return (
    <div className="flex-1 py-1" aria-busy="true">
      {['w-24', 'w-32', 'w-20', 'w-28'].map((width) => (
        <div key={width} className="mx-2 flex h-7 items-center gap-2 px-2">
          <Skeleton className="size-3 rounded-full" />
          <Skeleton className={`h-3 ${width}`} />
        </div>
      ))}
    </div>
  )
}
