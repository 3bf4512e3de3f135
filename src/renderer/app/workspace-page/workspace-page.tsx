import { Tabs } from 'radix-ui'
import { useEffect } from 'react'
import type { Workspace } from '../../../shared/workspace'
import { useWatchedPorts } from '../../features/ports/use-watched-ports'
import { IdleStopLine } from '../../features/workspaces/idle-stop-line'
import { WorkspaceHeader } from '../../features/workspaces/workspace-header'
import { go, routes, TAB_NEEDS, TAB_TITLES, WORKSPACE_TABS, type WorkspaceTab } from '../../routes'
import { Later, laterCode, preloadWhenIdle } from '../../ui/later'
import { WorkspaceOverview } from './workspace-overview'

const terminalTab = laterCode(() => import('../../features/terminal/terminal-tab').then((module) => module.TerminalTab))
const filesTab = laterCode(() => import('../../features/files/files-tab').then((module) => module.FilesTab))
const logsTab = laterCode(() => import('../../features/logs/logs-tab').then((module) => module.LogsTab))
const portsTab = laterCode(() => import('../../features/ports/ports-tab').then((module) => module.PortsTab))
const snapshotsTab = laterCode(() => import('../../features/snapshots/snapshots-tab').then((module) => module.SnapshotsTab))
const settingsTab = laterCode(() => import('./settings-tab').then((module) => module.SettingsTab))

/** What its place cannot do has no tab. */
function tabsOf({ unavailable }: Workspace): WorkspaceTab[] {
  return WORKSPACE_TABS.filter((tab) => {
    const need = TAB_NEEDS[tab]
    return need === undefined || unavailable[need] === undefined
  })
}

export function WorkspacePage({ workspace, tab }: { workspace: Workspace; tab: WorkspaceTab }) {
  // So that a click waits for lines or for a shell only.
  useEffect(() => preloadWhenIdle([terminalTab, logsTab, portsTab, snapshotsTab, settingsTab]), [])
  const isLookedAt = useWatchedPorts(workspace)
  const isOffered = tabsOf(workspace).includes(tab)
  // An address of a tab that this workspace does not have.
  useEffect(() => {
    if (!isOffered) go(routes.workspace(workspace.name), { replace: true })
  }, [isOffered, workspace.name])
  const open = (value: string) => {
    const next = WORKSPACE_TABS.find((candidate) => candidate === value)
    if (next !== undefined) go(routes.workspace(workspace.name, next))
  }
  return (
    <Tabs.Root value={tab} onValueChange={open} className="flex min-h-0 flex-1 flex-col">
      <WorkspaceHeader workspace={workspace} />
      <IdleStopLine workspace={workspace} />
      <Tabs.List
        aria-label={`Views of ${workspace.name}`}
        className="flex shrink-0 gap-4 overflow-x-auto border-line border-b px-5 [scrollbar-width:none] max-sm:px-3"
      >
        {tabsOf(workspace).map((value) => (
          <Tabs.Trigger
            key={value}
            value={value}
            className="-mb-px h-8 shrink-0 rounded-t-sm border-transparent border-b-2 px-0.5 text-ink-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
          >
            {TAB_TITLES[value]}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      <Tabs.Content value="overview" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
        <WorkspaceOverview workspace={workspace} />
      </Tabs.Content>
      <Tabs.Content value="terminal" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
        <Later key={workspace.id} code={terminalTab} props={{ workspace }} />
      </Tabs.Content>
      <Tabs.Content value="logs" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
        <Later key={workspace.id} code={logsTab} props={{ workspace }} />
      </Tabs.Content>
      <Tabs.Content value="files" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
        <Later key={workspace.id} code={filesTab} props={{ workspace }} />
      </Tabs.Content>
      <Tabs.Content value="ports" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
        <Later key={workspace.id} code={portsTab} props={{ workspace, isLookedAt }} />
      </Tabs.Content>
      <Tabs.Content value="snapshots" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
        <Later key={workspace.id} code={snapshotsTab} props={{ workspace }} />
      </Tabs.Content>
      <Tabs.Content value="settings" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
        <Later key={workspace.id} code={settingsTab} props={{ workspace }} />
      </Tabs.Content>
    </Tabs.Root>
  )
}
