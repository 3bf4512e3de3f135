import type { Workspace } from '../../../shared/workspace'
import type { Engine } from '../../engine/engine'
import { log } from '../../log'

type PublishingEngine = Pick<Engine, 'bringPort' | 'dropPort'>

/** Has the ssh ports of running workspaces reached on this machine, where their engine is on another: `ssh NAME.berth` is the same everywhere. */
export interface BroughtPorts {
  /** `engine` is that of the workspace; null for none that Berth uses. */
  onWorkspace(workspace: Pick<Workspace, 'id' | 'running' | 'ports' | 'containerId'>, engine: PublishingEngine | null): void
  onWorkspaceRemoved(workspaceId: string): void
}

export function createBroughtPorts(): BroughtPorts {
  const brought = new Map<string, { engine: PublishingEngine; port: number; containerId: string }>()

  async function change(what: string, work: Promise<void>): Promise<void> {
    try {
      await work
    } catch (error) {
      // Whoever connects brings it again, and is told then.
      log.warn({ err: error }, what)
    }
  }

  function drop(workspaceId: string): void {
    const before = brought.get(workspaceId)
    brought.delete(workspaceId)
    if (before) void change('a port of an engine’s machine could not be released', before.engine.dropPort(before.port))
  }

  return {
    onWorkspace({ id, running, ports, containerId }, engine) {
      const wanted = running && engine && ports.ssh !== null && containerId !== null ? { engine, port: ports.ssh, containerId } : null
      const before = brought.get(id)
      const isSamePort = before?.engine === wanted?.engine && before?.port === wanted?.port
      if (isSamePort && before?.containerId === wanted?.containerId) return
      if (!isSamePort) drop(id)
      if (!wanted) return
      brought.set(id, wanted)
      void change(
        'the ssh port of a workspace could not be forwarded to this machine',
        wanted.engine.bringPort(wanted.port, wanted.containerId),
      )
    },
    onWorkspaceRemoved: drop,
  }
}
