import { useMemo } from 'react'
import { create } from 'zustand'
import { useShallow } from 'zustand/react/shallow'
import type { Adoptable } from '../../shared/adoptable'
import type { EngineState, EngineView } from '../../shared/contract/engines'
import type { Settings } from '../../shared/contract/settings'
import type { SshConfigStatus } from '../../shared/contract/ssh-config'
import type { SwarmView } from '../../shared/contract/swarms'
import type { SystemInfo } from '../../shared/contract/system'
import type { TerminalSession } from '../../shared/contract/terminals'
import type { DamagedFile } from '../../shared/damaged-file'
import type { Operation } from '../../shared/operation'
import { hasEnded } from '../../shared/operation-state'
import type { WorkspacePorts } from '../../shared/port-forward'
import type { Snapshot } from '../../shared/snapshot'
import type { TerminalLayout } from '../../shared/terminal-layout'
import type { Workspace } from '../../shared/workspace'
import type { ConnectionState } from '../connection/connection'
import { type BerthState, type Collection, emptyState } from './reducer'

export interface StoreState extends BerthState {
  connection: ConnectionState
  /** A snapshot has come at least once. */
  loaded: boolean
  system: SystemInfo | null
  /** null until Berth has said; written by `ssh-actions.ts` too. */
  sshConfig: SshConfigStatus | null
}

/** Everything the page knows. Written by `feed.ts`. */
export const useStore = create<StoreState>(() => ({
  ...emptyState,
  connection: { status: 'connecting' },
  loaded: false,
  system: null,
  sshConfig: null,
}))

/** Renders again only when this workspace changes; undefined once it is deleted. */
export function useWorkspace(id: string): Workspace | undefined {
  return useStore((state) => state.workspaces.byId[id])
}

/** The workspace of that name, or with that id. */
export function useWorkspaceByReference(reference: string): Workspace | undefined {
  return useStore((state) => findWorkspace(state, reference))
}

export function findWorkspace(state: StoreState, reference: string): Workspace | undefined {
  const id = state.workspaces.ids.find((id) => state.workspaces.byId[id]?.name === reference)
  return state.workspaces.byId[id ?? reference]
}

/** All of them, oldest first. Renders again at any change of any: a row takes `useWorkspace`. */
export function useWorkspaces(): Workspace[] {
  const workspaces = useStore((state) => state.workspaces)
  return useMemo(() => list(workspaces), [workspaces])
}

/** Those under way and those that ended lately, newest first. */
export function useOperations(): Operation[] {
  const operations = useStore((state) => state.operations)
  return useMemo(() => list(operations), [operations])
}

export function useOperation(id: string | null): Operation | undefined {
  return useStore((state) => (id === null ? undefined : state.operations.byId[id]))
}

export function useOperationsOf(workspaceId: string): Operation[] {
  return useStore(useShallow((state) => list(state.operations).filter((operation) => operation.workspaceId === workspaceId)))
}

/** Those under way that copy this workspace to another one: the clones that are being made of it. */
export function useCopiesUnderWay(workspaceId: string): Operation[] {
  return useStore(
    useShallow((state) =>
      list(state.operations).filter(
        (operation) => !hasEnded(operation) && operation.involves.some((involved) => involved.workspaceId === workspaceId),
      ),
    ),
  )
}

/** It is being copied, and stays as it is meanwhile: it can be cloned once more, but neither stopped nor changed. */
export function useIsHeld(workspaceId: string): boolean {
  return useStore((state) => isHeld(state, workspaceId))
}

export function isHeld({ operations }: Pick<StoreState, 'operations'>, workspaceId: string): boolean {
  return operations.ids.some((id) => {
    const operation = operations.byId[id]
    return operation !== undefined && !hasEnded(operation) && operation.involves.some((involved) => involved.workspaceId === workspaceId)
  })
}

const NO_SNAPSHOTS: readonly Snapshot[] = []

/** Snapshots of one workspace, newest first; without their sizes. */
export function useSnapshots(workspaceId: string): readonly Snapshot[] {
  return useStore((state) => state.snapshots[workspaceId] ?? NO_SNAPSHOTS)
}

/** Ports of one workspace; undefined until they are known. */
export function usePorts(workspaceId: string): WorkspacePorts | undefined {
  return useStore((state) => state.ports[workspaceId])
}

/** Workspaces of other tools on the engine, oldest first. */
export function useAdoptable(): readonly Adoptable[] {
  return useStore((state) => state.adoptable)
}

/** Files of Berth that could not be read and that nobody has accepted yet. */
export function useDamagedFiles(): readonly DamagedFile[] {
  return useStore((state) => state.damagedFiles)
}

/** Another text whenever a check (`system.doctor`) may find something else than before. */
export function useWhatIsAmiss(): string {
  return useStore(({ workspaces, snapshots, operations, damagedFiles }) =>
    JSON.stringify([
      list(workspaces).map(({ id, statusDetail }) => statusDetail && id + statusDetail),
      Object.values(snapshots).flatMap((ofOne) => ofOne.filter(({ missing }) => missing.length > 0).map(({ id, missing }) => id + missing)),
      list(operations).map(({ id, waiting }) => waiting && id),
      damagedFiles.length,
    ]),
  )
}

/** Those that are there to be cloned, oldest first. */
export function useTemplates(): Workspace[] {
  const workspaces = useStore((state) => state.workspaces)
  return useMemo(() => list(workspaces).filter(({ template }) => template), [workspaces])
}

/** Sessions of one workspace, oldest first. */
export function useTerminals(workspaceId: string): TerminalSession[] {
  return useStore(useShallow((state) => list(state.terminals).filter((session) => session.workspaceId === workspaceId)))
}

/** undefined while nobody has arranged its sessions. */
export function useTerminalLayout(workspaceId: string): TerminalLayout | undefined {
  return useStore((state) => state.terminalLayouts[workspaceId])
}

/** The local one first; none until the first snapshot. */
export function useEngines(): readonly EngineView[] {
  return useStore((state) => state.engines)
}

/** Only then is it of interest which one a workspace is on. */
export function useHasSeveralEngines(): boolean {
  return useStore((state) => state.engines.length > 1)
}

/** Of the engine of that name; null for none. */
export function useEngineNamed(name: string | null): EngineState | null {
  return useStore((state) => findEngine(state, name)?.state ?? null)
}

/** The engine of that name, or with that id; undefined for none. */
export function useEngineByReference(reference: string | null | undefined): EngineView | undefined {
  return useStore((state) => findEngine(state, reference))
}

export function findEngine({ engines }: Pick<StoreState, 'engines'>, reference: string | null | undefined): EngineView | undefined {
  return engines.find(({ name }) => name === reference) ?? engines.find(({ id }) => id === reference)
}

/** Those that choose nodes for workspaces; none until the first snapshot. */
export function useSwarms(): readonly SwarmView[] {
  return useStore((state) => state.swarms)
}

/** The Swarm of that name, or with that id; undefined for none. */
export function findSwarm({ swarms }: Pick<StoreState, 'swarms'>, reference: string | null | undefined): SwarmView | undefined {
  return swarms.find(({ name }) => name === reference) ?? swarms.find(({ id }) => id === reference)
}

/** null until the first snapshot. */
export function useSettings(): Settings | null {
  return useStore((state) => state.settings)
}

/** null until Berth has said what it is. */
export function useSystem(): SystemInfo | null {
  return useStore((state) => state.system)
}

/** null until Berth has said. */
export function useSshConfig(): SshConfigStatus | null {
  return useStore((state) => state.sshConfig)
}

export function useConnectionState(): ConnectionState {
  return useStore((state) => state.connection)
}

export function list<Item>({ byId, ids }: Collection<Item>): Item[] {
  return ids.flatMap((id) => byId[id] ?? [])
}
