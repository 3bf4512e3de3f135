import { join } from 'node:path'
import { z } from 'zod'
import type { BerthEvent } from '../../shared/contract/events'
import {
  sessionsOf,
  type TerminalLayout,
  type TerminalLayoutNode,
  type TerminalTab,
  terminalLayoutSchema,
} from '../../shared/terminal-layout'
import { log } from '../log'
import type { DamagedFiles } from '../settings/damaged-files'
import { readStoredFile, writeStoredFile } from '../settings/stored-file'

const WRITE_MILLISECONDS = 500

const fileSchema = z.object({ version: z.literal(1), layouts: z.array(terminalLayoutSchema) })

/** Tabs and splits of each workspace's sessions, the same for every window. */
export interface TerminalLayouts {
  /** Those that were ever set. */
  list(): TerminalLayout[]
  get(workspaceId: string): TerminalLayout
  /** What is no session of the workspace is left out. Answers when it is on the disk. */
  set(workspaceId: string, tabs: TerminalTab[], activeTab: string | null): Promise<TerminalLayout>
  /** The session is gone: its pane goes, and what is left of its tab fills the place. */
  forgetSession(sessionId: string): void
  forgetWorkspace(workspaceId: string): void
  /** Resolves when all changes are on the disk. */
  settled(): Promise<void>
}

interface TerminalLayoutsOptions {
  home: string
  damagedFiles: DamagedFiles
  /** Whether the workspace has that session. */
  exists(workspaceId: string, sessionId: string): boolean
  emit(event: BerthEvent): void
}

/** Kept in `terminal-layouts.json`. One that is damaged is set aside and reported; the terminals are then shown side by side. */
export function openTerminalLayouts({ home, damagedFiles, exists, emit }: TerminalLayoutsOptions): TerminalLayouts {
  const path = join(home, 'terminal-layouts.json')
  const layouts = new Map(
    (readStoredFile(path, fileSchema, damagedFiles)?.layouts ?? []).map((layout) => [
      layout.workspaceId,
      { ...layout, tabs: tabsWith(layout.tabs, (sessionId) => exists(layout.workspaceId, sessionId)) },
    ]),
  )
  let writing = Promise.resolve()
  let timer: NodeJS.Timeout | null = null

  function write(): Promise<void> {
    const written = writing.then(() => writeStoredFile(path, { version: 1, layouts: [...layouts.values()] }))
    writing = written.catch((error: unknown) => log.warn({ err: error }, 'The terminal layout could not be saved'))
    return written
  }

  /** Many changes at once, as when a workspace goes, are one write. */
  function writeInBackground(): void {
    timer ??= setTimeout(() => {
      timer = null
      // Its failure is logged where it is written.
      write().catch(() => undefined)
    }, WRITE_MILLISECONDS)
  }

  function put(workspaceId: string, tabs: TerminalTab[], activeTab: string | null): TerminalLayout {
    const layout: TerminalLayout = {
      workspaceId,
      revision: (layouts.get(workspaceId)?.revision ?? 0) + 1,
      tabs,
      activeTab: tabs.some(({ id }) => id === activeTab) ? activeTab : (tabs.at(-1)?.id ?? null),
    }
    layouts.set(workspaceId, layout)
    emit({ type: 'terminal-layout', layout })
    return layout
  }

  return {
    list: () => [...layouts.values()],
    get: (workspaceId) => layouts.get(workspaceId) ?? { workspaceId, revision: 0, tabs: [], activeTab: null },
    async set(workspaceId, tabs, activeTab) {
      const layout = put(
        workspaceId,
        tabsWith(tabs, (sessionId) => exists(workspaceId, sessionId)),
        activeTab,
      )
      await write()
      return layout
    },
    forgetSession(sessionId) {
      for (const { workspaceId, tabs, activeTab } of layouts.values()) {
        if (!tabs.some(({ root }) => sessionsOf(root).includes(sessionId))) continue
        const rest = tabsWith(tabs, (id) => id !== sessionId)
        put(workspaceId, rest, activeTab)
        writeInBackground()
      }
    },
    forgetWorkspace(workspaceId) {
      if (layouts.delete(workspaceId)) writeInBackground()
    },
    async settled() {
      if (timer) {
        clearTimeout(timer)
        timer = null
        await write()
      } else await writing
    },
  }
}

/** The tabs with the sessions that are to stay; a tab without any goes. */
function tabsWith(tabs: TerminalTab[], stays: (sessionId: string) => boolean): TerminalTab[] {
  return tabs.flatMap((tab) => {
    const root = nodeWith(tab.root, stays)
    return root ? [{ ...tab, root, focused: tab.focused !== null && sessionsOf(root).includes(tab.focused) ? tab.focused : null }] : []
  })
}

function nodeWith(node: TerminalLayoutNode, stays: (sessionId: string) => boolean): TerminalLayoutNode | null {
  if (node.type === 'session') return stays(node.sessionId) ? node : null
  const kept = node.children.flatMap((child, index) => {
    const rest = nodeWith(child, stays)
    return rest ? [{ child: rest, size: node.sizes[index] ?? 1 }] : []
  })
  const [first] = kept
  if (first === undefined) return null
  if (kept.length === 1) return first.child
  return { ...node, children: kept.map(({ child }) => child), sizes: kept.map(({ size }) => size) }
}
