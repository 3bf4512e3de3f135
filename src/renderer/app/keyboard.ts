import { useEffect } from 'react'
import { FILTER_ID } from '../features/sidebar/sidebar'
import { openNeighbour } from '../features/sidebar/workspace-list'
import { go, parseWorkspaceRoute, routes, WORKSPACE_TABS } from '../routes'
import { closeDialog, openDialog, openNewWorkspace, useDialogs } from '../store/dialogs'
import { findWorkspace, useStore } from '../store/store'
import { isMac } from '../ui/platform'
import { isTerminalShown, runTerminalCommand, TERMINAL_SHORTCUTS } from '../workspace-model/terminal/terminal-commands'
import { isBusy } from '../workspace-model/workspaces/describe-workspace'

interface Shortcut {
  /** As `Kbd` shows them. */
  keys: string
  title: string
  /** Also while something is being typed in, a terminal included. */
  whileTyping: boolean
  matches(event: KeyboardEvent): boolean
  run(): void
}

const mod = (event: KeyboardEvent) => (isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey)
/** By place rather than by letter: with Alt a Mac types other letters. */
const alt = (event: KeyboardEvent, code: string) => event.altKey && !event.ctrlKey && !event.metaKey && event.code === code
const plain = (event: KeyboardEvent, key: string) => !event.ctrlKey && !event.metaKey && !event.altKey && event.key === key

const currentRoute = () => parseWorkspaceRoute(location.hash.replace(/^#/, ''))
const currentId = () => findWorkspace(useStore.getState(), currentRoute()?.name ?? '')?.id

function togglePalette(): void {
  if (useDialogs.getState().open?.kind === 'palette') closeDialog()
  else openDialog({ kind: 'palette' })
}

function openTab(index: number): void {
  const name = currentRoute()?.name
  const tab = WORKSPACE_TABS[index]
  if (name !== undefined && tab !== undefined) go(routes.workspace(name, tab))
}

function cloneCurrent(): void {
  const workspace = findWorkspace(useStore.getState(), currentRoute()?.name ?? '')
  if (workspace !== undefined && !isBusy(workspace)) openDialog({ kind: 'clone-workspace', workspaceId: workspace.id })
}

export const SHORTCUTS: readonly Shortcut[] = [
  {
    keys: 'Mod K',
    title: 'Command palette',
    whileTyping: true,
    // Ctrl+K belongs to the shell while a terminal has the focus; ⌘K does not.
    matches: (event) => mod(event) && !event.shiftKey && event.key.toLowerCase() === 'k' && (isMac || !isInTerminal(event)),
    run: togglePalette,
  },
  {
    keys: 'Mod Shift P',
    title: 'Command palette, also from a terminal',
    whileTyping: true,
    matches: (event) => mod(event) && event.shiftKey && event.key.toLowerCase() === 'p',
    run: togglePalette,
  },
  { keys: 'Alt N', title: 'New workspace', whileTyping: true, matches: (event) => alt(event, 'KeyN'), run: () => openNewWorkspace() },
  {
    keys: 'Mod ,',
    title: 'Settings',
    whileTyping: true,
    matches: (event) => mod(event) && event.key === ',',
    run: () => go(routes.settings),
  },
  {
    keys: '/',
    title: 'Filter workspaces',
    whileTyping: false,
    matches: (event) => plain(event, '/'),
    run: () => document.getElementById(FILTER_ID)?.focus(),
  },
  {
    keys: 'Alt ↑',
    title: 'Previous workspace',
    whileTyping: true,
    matches: (event) => alt(event, 'ArrowUp'),
    run: () => openNeighbour(currentId(), -1),
  },
  {
    keys: 'Alt ↓',
    title: 'Next workspace',
    whileTyping: true,
    matches: (event) => alt(event, 'ArrowDown'),
    run: () => openNeighbour(currentId(), 1),
  },
  { keys: 'Alt 1', title: 'Overview', whileTyping: true, matches: (event) => alt(event, 'Digit1'), run: () => openTab(0) },
  { keys: 'Alt 2', title: 'Terminal', whileTyping: true, matches: (event) => alt(event, 'Digit2'), run: () => openTab(1) },
  { keys: 'Alt 3', title: 'Logs', whileTyping: true, matches: (event) => alt(event, 'Digit3'), run: () => openTab(2) },
  { keys: 'Alt 4', title: 'Snapshots', whileTyping: true, matches: (event) => alt(event, 'Digit4'), run: () => openTab(3) },
  // A shell has its own use for Alt+C.
  { keys: 'Alt C', title: 'Clone', whileTyping: false, matches: (event) => alt(event, 'KeyC'), run: cloneCurrent },
  {
    keys: '?',
    title: 'Keyboard shortcuts',
    whileTyping: false,
    matches: (event) => plain(event, '?'),
    run: () => openDialog({ kind: 'shortcuts' }),
  },
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
