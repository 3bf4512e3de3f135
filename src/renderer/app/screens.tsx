import { SearchX } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useIsFirstRunOver } from '../features/first-run/first-run-memory'
import { FirstWorkspace } from '../features/first-run/first-workspace'
import { NoEngine } from '../features/first-run/no-engine'
import { currentPath, go, parseWorkspaceRoute, routes } from '../routes'
import { partOf } from '../screen'
import { openNewWorkspace } from '../store/dialogs'
import { findWorkspace, list, useEngines, useStore, useWorkspaceByReference } from '../store/store'
import { Button } from '../ui/button'
import { EmptyState } from '../ui/empty-state'
import { Later, laterCode } from '../ui/later'
import { Skeleton } from '../ui/skeleton'
import { keptDraft } from '../workspace-model/workspaces/kept-drafts'
import { lastOpened, rememberOpened } from './last-opened'
import { SCREENS } from './screen-table'
import { WorkspacePage } from './workspace-page/workspace-page'

/** The screen of a path. */
export function Screens({ path }: { path: string }) {
  const loaded = useStore((state) => state.loaded)
  for (const screen of SCREENS) {
    const found = partOf(screen, path)
    if (found !== null) return <Later key={screen.path} code={screen.code} props={found} placeholder={<LoadingPage />} />
  }
  if (!loaded) return <LoadingPage />
  const route = parseWorkspaceRoute(path)
  if (route !== null) return <WorkspaceScreen name={route.name} tab={route.tab} />
  return path === routes.home || path === routes.firstRun ? <Home path={path} /> : <NotFound title="Screen not found" />
}

function WorkspaceScreen({ name, tab }: NonNullable<ReturnType<typeof parseWorkspaceRoute>>) {
  const workspace = useWorkspaceByReference(name)
  const found = workspace?.name
  const id = workspace?.id
  const shown = useRef<{ reference: string; id: string }>(undefined)
  const shownId = shown.current?.reference === name ? shown.current.id : undefined
  // Renamed under the eyes, here or elsewhere: the address follows.
  const renamed = useStore((state) => (shownId === undefined ? undefined : state.workspaces.byId[shownId]))
  const newName = workspace === undefined ? renamed?.name : undefined
  const isDeleted = useStore(
    (state) =>
      list(state.operations)
        .find(({ workspaceName }) => workspaceName === name)
        ?.kind.endsWith('.delete') === true,
  )
  useEffect(() => {
    if (parseWorkspaceRoute(currentPath())?.name !== name) return
    if (newName !== undefined) go(routes.workspace(newName, tab), { replace: true })
    if (found !== undefined) rememberOpened(found)
    // Deleted under the eyes: on to another one. A creation that was undone stays, with a way to try it again.
    else if (shownId !== undefined && isDeleted) go(routes.home, { replace: true })
    if (id !== undefined) shown.current = { reference: name, id }
  }, [found, id, name, tab, newName, shownId, isDeleted])
  const known = workspace ?? renamed
  if (known !== undefined) return <WorkspacePage workspace={known} tab={tab} />
  return (
    <NotFound title={`There is no workspace “${name}”`}>
      <Button onClick={() => openNewWorkspace(keptDraft(name))}>Create it</Button>
    </NotFound>
  )
}

const firstRunCode = laterCode(() => import('../features/first-run/first-run').then((module) => module.FirstRun))

/** The workspace that was last open; where there is none, how to get one: at first, and when it is asked for, in three steps. */
function Home({ path }: { path: string }) {
  const isOver = useIsFirstRunOver()
  const engines = useEngines()
  const target = useStore((state) => {
    const last = lastOpened()
    return ((last !== null && findWorkspace(state, last)) || state.workspaces.byId[state.workspaces.ids[0] ?? ''])?.name
  })
  useEffect(() => {
    // Not when somebody has clicked on another one already.
    if (target !== undefined && path === routes.home && currentPath() === routes.home) go(routes.workspace(target), { replace: true })
  }, [target, path])
  // The same element at both paths: nothing is lost when it goes on from one to the other.
  if (path === routes.firstRun || (target === undefined && !isOver && lastOpened() === null))
    return <Later code={firstRunCode} props={{}} placeholder={<LoadingPage />} />
  if (target !== undefined) return <LoadingPage />
  const areAllAway = engines.length > 0 && engines.every(({ state }) => state.status === 'unreachable')
  return areAllAway ? <NoEngine engines={engines} /> : <FirstWorkspace />
}

function NotFound({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <EmptyState icon={SearchX} title={title}>
      {children}
    </EmptyState>
  )
}

function LoadingPage() {
  return (
    <div aria-busy="true" className="flex flex-1 flex-col">
      <div className="flex h-12 items-center px-5">
        <Skeleton className="h-5 w-40" />
      </div>
      <div className="flex h-8 items-center gap-4 border-line border-b px-5">
        <Skeleton className="h-3 w-14" />
        <Skeleton className="h-3 w-14" />
        <Skeleton className="h-3 w-10" />
      </div>
    </div>
  )
}
