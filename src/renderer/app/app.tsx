import { Menu, Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Router } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { SIDEBAR_ID, Sidebar } from '../features/sidebar/sidebar'
import { parseWorkspaceRoute } from '../routes'
import { openDialog, useDialogs } from '../store/dialogs'
import { findWorkspace, useConnectionState, useSettings, useStore } from '../store/store'
import { BerthMark } from '../ui/berth-mark'
import { IconButton } from '../ui/button'
import { classNames } from '../ui/class-names'
import { preloadWhenIdle } from '../ui/later'
import { Notices } from '../ui/notice'
import { TooltipProvider } from '../ui/tooltip'
import { DamagedFilesBar } from './damaged-files-bar'
import { Dialogs, dialogsCode } from './dialogs'
import { ErrorBoundary } from './error-boundary'
import { useInterruptedNotice } from './interrupted-operations'
import { useShortcuts } from './keyboard'
import { ReconnectBar } from './reconnect-bar'
import { RefusedScreen } from './refused-screen'
import { SCREENS } from './screen-table'
import { Screens } from './screens'
import { StatusBar } from './status-bar'
import { setTheme } from './theme'

export function App() {
  return (
    <ErrorBoundary>
      <Router hook={useHashLocation}>
        <TooltipProvider delayDuration={400} skipDelayDuration={200}>
          <Shell />
          <Notices />
        </TooltipProvider>
      </Router>
    </ErrorBoundary>
  )
}

function Shell() {
  const [path] = useHashLocation()
  const connection = useConnectionState()
  const reference = parseWorkspaceRoute(path)?.name
  const current = useStore((state) => (reference === undefined ? undefined : findWorkspace(state, reference)))
  const loaded = useStore((state) => state.loaded)
  useEffect(() => {
    if (loaded) preloadWhenIdle([dialogsCode, ...SCREENS.map(({ code }) => code)])
  }, [loaded])
  // Where it was opened as a drawer: whatever is opened from there, a dialog too, takes its place.
  const [sidebarOpenAt, setSidebarOpenAt] = useState<string | null>(null)
  const hasDialog = useDialogs((state) => state.open !== null)
  const isSidebarOpen = sidebarOpenAt === path && !hasDialog
  useShortcuts()
  useInterruptedNotice()
  useTheme()
  useTitle(current?.name)

  if (connection.status === 'refused') return <RefusedScreen reason={connection.reason} />
  const isStale = connection.status === 'reconnecting'
  return (
    <div className="relative flex h-full flex-col">
      <DamagedFilesBar />
      <div className={classNames('flex min-h-0 flex-1 transition-opacity duration-(--time-slow)', isStale && 'opacity-60')}>
        <Sidebar isOpen={isSidebarOpen} onClose={() => setSidebarOpenAt(null)} screens={SCREENS} path={path} currentId={current?.id} />
        <main className="flex min-w-0 flex-1 flex-col bg-canvas">
          <NarrowBar isSidebarOpen={isSidebarOpen} onOpen={() => setSidebarOpenAt(path)} />
          <ErrorBoundary resetKey={path}>
            <Screens path={path} />
          </ErrorBoundary>
        </main>
      </div>
      <StatusBar />
      {connection.status === 'reconnecting' && <ReconnectBar state={connection} />}
      <Dialogs currentId={current?.id} />
    </div>
  )
}

/** In a narrow window the sidebar is a drawer: this opens it. */
function NarrowBar({ isSidebarOpen, onOpen }: { isSidebarOpen: boolean; onOpen(): void }) {
  return (
    <div className="flex h-11 shrink-0 items-center gap-2 border-line border-b bg-sunken px-2 sm:hidden">
      <IconButton icon={Menu} label="Workspaces and screens" aria-expanded={isSidebarOpen} aria-controls={SIDEBAR_ID} onClick={onOpen} />
      <BerthMark className="size-4.5" />
      <span className="flex-1 font-semibold">Berth</span>
      <IconButton icon={Search} label="Command palette" onClick={() => openDialog({ kind: 'palette' })} />
    </div>
  )
}

function useTheme(): void {
  const theme = useSettings()?.theme
  useEffect(() => {
    if (theme !== undefined) setTheme(theme)
  }, [theme])
}

function useTitle(name: string | undefined): void {
  useEffect(() => {
    document.title = name === undefined ? 'Berth' : `${name} · Berth`
  }, [name])
}
