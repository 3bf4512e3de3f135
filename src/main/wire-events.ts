import { hasEnded } from '../shared/operation-state'
import type { createEventHub } from './event-hub'
import type { Library } from './library/library'
import type { BuildLogs } from './logs/build-logs'
import type { Operations } from './operations/operations'
import type { ForwardedAgents } from './ports/forwarded-agents'
import type { PortForwards } from './ports/port-forwards'
import type { SshHosts } from './provisioning/ssh-hosts'
import type { DamagedFiles } from './settings/damaged-files'
import { LOCAL_PLACE } from './settings/records'
import type { SettingsStore } from './settings/settings'
import type { TerminalLayouts } from './terminals/terminal-layouts'
import type { TerminalSessions } from './terminals/terminal-sessions'
import type { HandOvers } from './workspaces/base/hand-overs'
import type { Registry } from './workspaces/base/registry'
import type { Devcontainers } from './workspaces/devcontainer/devcontainers'
import type { HostViews } from './workspaces/host/host-views'
import type { AutoSync } from './workspaces/lifecycle/auto-sync'
import type { BroughtPorts } from './workspaces/places/brought-ports'
import type { Engines } from './workspaces/places/engines'
import type { Swarms } from './workspaces/swarms/swarms'
import type { IdleStops } from './workspaces/usage/idle-stops'

interface EventSources {
  hub: ReturnType<typeof createEventHub>
  settings: SettingsStore
  damagedFiles: DamagedFiles
  operations: Operations
  registry: Registry
  hostViews: HostViews
  terminals: TerminalSessions
  terminalLayouts: TerminalLayouts
  forwards: PortForwards
  buildLogs: BuildLogs
  sshHosts: SshHosts
  autoSync: AutoSync
  idleStops: IdleStops
  devcontainers: Devcontainers
  handOvers: HandOvers
  agents: ForwardedAgents
  engines: Engines
  broughtPorts: BroughtPorts
  swarms: Swarms
  library: Library
}

/** Who hears of what: everything that one service does because something changed in another. */
export function wireEvents(sources: EventSources): void {
  const { hub, settings, damagedFiles, operations, registry, hostViews, terminals, terminalLayouts, forwards, buildLogs, sshHosts } =
    sources
  const { autoSync, idleStops, devcontainers, handOvers, agents, engines, broughtPorts, swarms, library } = sources
  /** Of the engine that it is on; nothing for an engine that is no longer in Berth. */
  const onEngineOf = (workspace: { engine: string | null }) => engines.all().filter(({ place }) => place.name === workspace.engine)

  operations.onChange((operation) => {
    buildLogs.note(operation)
    hub.emit({ type: 'operation', operation })
    if (operation.workspaceId) {
      registry.publish(operation.workspaceId)
      hostViews.publish(operation.workspaceId)
    }
    if (!hasEnded(operation)) return
    if (operation.workspaceId) registry.checkReadiness(operation.workspaceId)
    for (const { upkeep } of engines.all()) {
      upkeep.protection.onChange()
      upkeep.losses.lookSoon()
    }
    swarms.onWorkspaces()
    // What changed while it was under way.
    if (operation.workspaceId) void handOvers.bringUpToDate(operation.workspaceId)
  })
  damagedFiles.onChange((files) => hub.emit({ type: 'damaged-files', damagedFiles: files }))
  settings.onChange((changed, { before, byHand }) => {
    hub.emit({ type: 'settings', settings: changed })
    library.onSettings()
    autoSync.onSettings(changed, before)
    idleStops.onSettings(changed, before)
    if (changed.sshAgent !== before.sshAgent) {
      void sshHosts.write()
      agents.onSettings()
    }
    // Who sets it through a door waits for the connection there.
    if (byHand && changed.engineEndpoint !== before.engineEndpoint) void engines.reconnect(LOCAL_PLACE)
    if (changed.defaultEngine !== before.defaultEngine) {
      engines.publish()
      swarms.onWorkspaces()
    }
  })

  hub.subscribe((event) => {
    switch (event.type) {
      case 'workspace': {
        const { workspace } = event
        terminals.onWorkspace(workspace)
        // The rest is about containers.
        if (workspace.kind === 'host') return
        swarms.onWorkspaces()
        broughtPorts.onWorkspace(workspace, onEngineOf(workspace)[0]?.place.engine ?? null)
        forwards.onWorkspace(workspace)
        agents.onWorkspace(workspace.id)
        for (const { place, upkeep } of onEngineOf(workspace)) {
          place.network.onWorkspace(workspace)
          upkeep.protection.onWorkspace(workspace)
        }
        autoSync.onWorkspace(workspace)
        idleStops.onWorkspace(workspace)
        devcontainers.onWorkspace(workspace)
        if (workspace.running) void handOvers.bringUpToDate(workspace.id)
        if (workspace.running && workspace.containerId !== null) sshHosts.pinIfUnknown(workspace.id, workspace.containerId)
        return
      }
      case 'workspace-removed':
        terminals.onWorkspaceRemoved(event.workspaceId)
        swarms.onWorkspaces()
        terminalLayouts.forgetWorkspace(event.workspaceId)
        broughtPorts.onWorkspaceRemoved(event.workspaceId)
        forwards.onWorkspaceRemoved(event.workspaceId)
        agents.onWorkspaceRemoved(event.workspaceId)
        idleStops.onWorkspaceRemoved(event.workspaceId)
        buildLogs.remove(event.workspaceId)
        for (const { place, upkeep } of engines.all()) {
          place.network.onWorkspaceRemoved(event.workspaceId)
          upkeep.protection.onWorkspaceRemoved(event.workspaceId)
        }
        return
      case 'terminal':
        forwards.onTerminals()
        return
      case 'terminal-removed':
        terminalLayouts.forgetSession(event.sessionId)
        forwards.onTerminals()
        return
      case 'settings':
        forwards.onSettings()
        for (const { network } of engines.places()) network.onSettings()
        void handOvers.bringUpToDate()
        return
      default:
        // The doors hear of the rest.
        return
    }
  })
}
