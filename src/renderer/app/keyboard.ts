import { useEffect } from 'react'
import { FILTER_ID } from '../features/sidebar/sidebar'
import { openNeighbour } from '../features/sidebar/workspace-list'
import { currentPath, go, parseWorkspaceRoute, routes, TAB_TITLES, WORKSPACE_TABS, type WorkspaceTab } from '../routes'
import { closeDialog, openDialog, openNewWorkspace, useDialogs } from '../store/dialogs'
import { findWorkspace, useStore } from '../store/store'
import { isMac } from '../ui/platform'
import { isTerminalShown, runTerminalCommand, TERMINAL_SHORTCUTS } from '../workspace-model/terminal/terminal-commands'
import { isBusy } from '../workspace-model/workspaces/describe-workspace'
import { SCREENS } from './screen-table'
import { matchesKeys } from './shortcut-keys'

interface Shortcut {
  /** As `Kbd` shows them. */
  keys: string
  title: string
  /** Also while something is being typed in, a terminal included. */
  whileTyping: boolean
  matches(event: KeyboardEvent): boolean
  run(): void
}

const currentRoute = () => parseWorkspaceRoute(currentPath())
const currentId = () => findWorkspace(useStore.getState(), currentRoute()?.name ?? '')?.id

function togglePalette(): void {
  if (useDialogs.getState().open?.kind === 'palette') closeDialog()
  else openDialog({ kind: 'palette' })
}

function openTab(tab: WorkspaceTab): void {
  const name = currentRoute()?.name
  if (name !== undefined) go(routes.workspace(name, tab))
}

function cloneCurrent(): void {
  const workspace = findWorkspace(useStore.getState(), currentRoute()?.name ?? '')
  if (workspace !== undefined && !isBusy(workspace)) openDialog({ kind: 'clone-workspace', workspaceId: workspace.id })
}

/** One that works everywhere on the page, unless it says otherwise. */
const shortcut = (keys: string, title: string, run: () => void, more: Partial<Shortcut> = {}): Shortcut => ({
  keys,
  title,
  whileTyping: true,
  matches: (event) => matchesKeys(keys, event),
  run,
  ...more,
})

export const SHORTCUTS: readonly Shortcut[] = [
  shortcut('Mod K', 'Command palette', togglePalette, {
    // Ctrl+K belongs to the shell while a terminal has the focus; ⌘K does not.
    matches: (event) => matchesKeys('Mod K', event) && (isMac || !isInTerminal(event)),
  }),
  shortcut('Mod Shift P', 'Command palette, also from a terminal', togglePalette),
  shortcut('Alt N', 'New workspace', () => openNewWorkspace()),
  ...SCREENS.flatMap(({ shortcut: keys, title, path }) => (keys === undefined ? [] : [shortcut(keys, title, () => go(path))])),
  shortcut('/', 'Filter workspaces', () => document.getElementById(FILTER_ID)?.focus(), { whileTyping: false }),
  shortcut('Alt ↑', 'Previous workspace', () => openNeighbour(currentId(), -1)),
  shortcut('Alt ↓', 'Next workspace', () => openNeighbour(currentId(), 1)),
  ...WORKSPACE_TABS.map((tab, index) => shortcut(`Alt ${index + 1}`, `${TAB_TITLES[tab]} tab`, () => openTab(tab))),
  // A shell has its own use for Alt+C.
  shortcut('Alt C', 'Clone', cloneCurrent, { whileTyping: false }),
  shortcut('?', 'Keyboard shortcuts', () => openDialog({ kind: 'shortcuts' }), { whileTyping: false }),
]

function isInTerminal({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest('.xterm') !== null
}

function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
}

/** While a dialog is open, only the palette's own keys work: the rest would act behind it. */
function isFree(shortcut: Shortcut): boolean {
  const { open } = useDialogs.getState()
  return open === null || (open.kind === 'palette' && shortcut.run === togglePalette)
}

/** What the terminals that are shown listen for. */
const IN_TERMINALS: readonly Shortcut[] = TERMINAL_SHORTCUTS.map(({ command, keys, title, matches }) => ({
  keys,
  title,
  whileTyping: true,
  matches: (event) => isTerminalShown() && matches(event),
  run: () => runTerminalCommand(command),
}))

/** Listens for all shortcuts, before anything else on the page gets the keys. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const shortcut = [...SHORTCUTS, ...IN_TERMINALS].find((candidate) => candidate.matches(event))
      if (shortcut === undefined || !isFree(shortcut) || (isTyping(event) && !shortcut.whileTyping)) return
      event.preventDefault()
      event.stopPropagation()
      shortcut.run()
    }
    window.addEventListener('keydown', onKeyDown, { capture: true })
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true })
  }, [])
}
