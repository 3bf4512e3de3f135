import { create } from 'zustand'
import { isMac } from '../../ui/platform'

export type TerminalCommand =
  | 'new-session'
  | 'split-right'
  | 'split-down'
  | 'close'
  | 'previous-tab'
  | 'next-tab'
  | 'focus-left'
  | 'focus-right'
  | 'focus-up'
  | 'focus-down'
  | 'search'
  | 'larger'
  | 'smaller'
  | 'usual-size'
  | 'leave'

type RunCommand = (command: TerminalCommand) => void

const useTarget = create<{ run: RunCommand | null }>(() => ({ run: null }))

/** The terminals that are shown take commands from now on; returns what ends that. */
export function takeTerminalCommands(run: RunCommand): () => void {
  useTarget.setState({ run })
  return () => {
    if (useTarget.getState().run === run) useTarget.setState({ run: null })
  }
}

/** Does nothing while no terminal is shown. */
export function runTerminalCommand(command: TerminalCommand): void {
  useTarget.getState().run?.(command)
}

export function isTerminalShown(): boolean {
  return useTarget.getState().run !== null
}

interface TerminalShortcut {
  command: TerminalCommand
  /** As `Kbd` shows them. */
  keys: string
  title: string
  matches(event: KeyboardEvent): boolean
}

const mod = (event: KeyboardEvent) => (isMac ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey) && !event.altKey
const modShift = (key: string) => (event: KeyboardEvent) => mod(event) && event.shiftKey && event.key.toLowerCase() === key.toLowerCase()
/** Only with the focus in a terminal: elsewhere it is the browser's own zoom. */
const zoom = (keys: string) => (event: KeyboardEvent) =>
  mod(event) && keys.includes(event.key) && event.target instanceof Element && event.target.closest('.terminal-host') !== null

/** Shells have no use for Ctrl+Shift, nor for these with Ctrl alone. */
export const TERMINAL_SHORTCUTS: readonly TerminalShortcut[] = [
  { command: 'new-session', keys: 'Mod Shift Enter', title: 'New session', matches: modShift('Enter') },
  { command: 'split-right', keys: 'Mod Shift D', title: 'Split to the right', matches: modShift('d') },
  { command: 'split-down', keys: 'Mod Shift E', title: 'Split downwards', matches: modShift('e') },
  { command: 'close', keys: 'Mod Shift X', title: 'Close the session', matches: modShift('x') },
  { command: 'previous-tab', keys: 'Mod Shift PgUp', title: 'Previous session tab', matches: modShift('PageUp') },
  { command: 'next-tab', keys: 'Mod Shift PgDn', title: 'Next session tab', matches: modShift('PageDown') },
  { command: 'focus-left', keys: 'Mod Shift ←', title: 'Pane to the left', matches: modShift('ArrowLeft') },
  { command: 'focus-right', keys: 'Mod Shift →', title: 'Pane to the right', matches: modShift('ArrowRight') },
  { command: 'focus-up', keys: 'Mod Shift ↑', title: 'Pane above', matches: modShift('ArrowUp') },
  { command: 'focus-down', keys: 'Mod Shift ↓', title: 'Pane below', matches: modShift('ArrowDown') },
  { command: 'search', keys: 'Mod Shift F', title: 'Search in the terminal', matches: modShift('f') },
  { command: 'larger', keys: 'Mod +', title: 'Larger text', matches: zoom('+=') },
  { command: 'smaller', keys: 'Mod -', title: 'Smaller text', matches: zoom('-') },
  { command: 'usual-size', keys: 'Mod 0', title: 'Reset text size', matches: zoom('0') },
  { command: 'leave', keys: 'Mod Shift L', title: 'From the terminal to its tabs', matches: modShift('l') },
]

export function shortcutOf(command: TerminalCommand): string | undefined {
  return TERMINAL_SHORTCUTS.find((shortcut) => shortcut.command === command)?.keys
}
