import { useEffect } from 'react'
import { Router } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { Sidebar } from '../features/sidebar/sidebar'
import { parseWorkspaceRoute } from '../routes'
import { findWorkspace, useConnectionState, useSettings, useStore } from '../store/store'
import { classNames } from '../ui/class-names'
import { Notices } from '../ui/notice'
import { TooltipProvider } from '../ui/tooltip'
import { DamagedFilesBar } from './damaged-files-bar'
import { Dialogs } from './dialogs'
import { ErrorBoundary } from './error-boundary'
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
  useShortcuts()
  useTheme()
  useTitle(current?.name)

  if (connection.status === 'refused') return <RefusedScreen reason={connection.reason} />
  const isStale = connection.status === 'reconnecting'
  return (
    <div className="relative flex h-full flex-col">
      <DamagedFilesBar />
      <div className={classNames('flex min-h-0 flex-1 transition-opacity duration-(--time-slow)', isStale && 'opacity-60')}>
        <Sidebar screens={SCREENS} path={path} currentId={current?.id} />
        <main className="flex min-w-0 flex-1 flex-col bg-canvas">
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
