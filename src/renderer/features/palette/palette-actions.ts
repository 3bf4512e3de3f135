import {
  ArrowRightLeft,
  Bug,
  Cable,
  Camera,
  Code,
  Container,
  Copy,
  CopyPlus,
  FileInput,
  FileOutput,
  Gauge,
  Hammer,
  History,
  Import,
  Keyboard,
  LayoutTemplate,
  type LucideIcon,
  Moon,
  Network,
  PanelRight,
  Pencil,
  Play,
  Plus,
  RefreshCw,
  Rocket,
  RotateCw,
  ScrollText,
  Server,
  SlidersHorizontal,
  Square,
  SquareTerminal,
  Sun,
  SunMoon,
  Tag,
  Trash2,
} from 'lucide-react'
import type { Adoptable } from '../../../shared/adoptable'
import { EDITOR_NAMES, EDITORS, editorLink } from '../../../shared/editor-link'
import type { Capability } from '../../../shared/place-capabilities'
import type { Workspace } from '../../../shared/workspace'
import { go, routes } from '../../routes'
import type { ScreenEntry } from '../../screen'
import { openDialog, openNewFromTemplate, openNewWorkspace } from '../../store/dialogs'
import { isHeld, useStore } from '../../store/store'
import { managesUnused } from '../../workspace-model/engine/placement'
import { updateSettings } from '../../workspace-model/settings/update-settings'
import {
  isTerminalShown,
  runTerminalCommand,
  TERMINAL_SHORTCUTS,
  type TerminalCommand,
} from '../../workspace-model/terminal/terminal-commands'
import { makeTemplate, unsetTemplate } from '../../workspace-model/workspaces/copy-actions'
import { makerOf } from '../../workspace-model/workspaces/describe-adoptable'
import { isBusy } from '../../workspace-model/workspaces/describe-workspace'
import { openDevcontainer, rebuildDevcontainer, stopDevcontainer } from '../../workspace-model/workspaces/devcontainer-actions'
import { takeSnapshot } from '../../workspace-model/workspaces/snapshot-actions'
import { copySshCommand, openInEditor } from '../../workspace-model/workspaces/ssh-actions'
import { restartWorkspace, startWorkspace, stopWorkspace, syncWorkspace } from '../../workspace-model/workspaces/workspace-actions'

export interface PaletteAction {
  id: string
  title: string
  /** The workspace it is about. */
  workspace?: Workspace
  icon: LucideIcon
  shortcut?: string
  run(): void
}

/** What can be done without a workspace. */
export function generalActions(screens: readonly ScreenEntry[]): PaletteAction[] {
  return [
    ...(isTerminalShown() ? terminalActions() : []),
    { id: 'new', title: 'New workspace', icon: Plus, shortcut: 'Alt N', run: () => openNewWorkspace() },
    { id: 'import', title: 'Import workspace…', icon: FileInput, run: () => openDialog({ kind: 'import-workspace' }) },
    { id: 'add-engine', title: 'Add engine…', icon: Server, run: () => openDialog({ kind: 'add-engine' }) },
    ...swarmActions(),
    ...screens.map(({ path, title, paletteTitle, icon, shortcut }) => ({
      id: `screen ${path}`,
      title: paletteTitle ?? title,
      icon,
      ...(shortcut === undefined ? {} : { shortcut }),
      run: () => go(path),
    })),
    { id: 'theme-system', title: 'Theme: as the system', icon: SunMoon, run: () => void updateSettings({ theme: 'system' }) },
    { id: 'theme-light', title: 'Theme: light', icon: Sun, run: () => void updateSettings({ theme: 'light' }) },
    { id: 'theme-dark', title: 'Theme: dark', icon: Moon, run: () => void updateSettings({ theme: 'dark' }) },
    { id: 'first-run', title: 'Get started', icon: Rocket, run: () => go(routes.firstRun) },
    { id: 'shortcuts', title: 'Keyboard shortcuts', icon: Keyboard, shortcut: '?', run: () => openDialog({ kind: 'shortcuts' }) },
    { id: 'problem-report', title: 'Report a problem…', icon: Bug, run: () => openDialog({ kind: 'problem-report' }) },
  ]
}

const IN_PALETTE: readonly TerminalCommand[] = [
  'new-session',
  'split-right',
  'split-down',
  'search',
  'close',
  'larger',
  'smaller',
  'usual-size',
]

/** What can be done with the terminals that are shown. */
function terminalActions(): PaletteAction[] {
  return TERMINAL_SHORTCUTS.filter(({ command }) => IN_PALETTE.includes(command)).map(({ command, title, keys }) => ({
    id: `terminal ${command}`,
    title: `Terminal: ${title.toLowerCase()}`,
    icon: SquareTerminal,
    shortcut: keys,
    run: () => runTerminalCommand(command),
  }))
}

/** Workspaces of other tools. */
export function adoptionActions(adoptable: readonly Adoptable[]): PaletteAction[] {
  return adoptable.map(({ containerId, name, from }) => ({
    id: `adopt ${containerId}`,
    title: `Adopt ${name} of ${makerOf({ from })}…`,
    icon: Import,
    run: () => openDialog({ kind: 'adopt-workspace', containerId }),
  }))
}

/** What can be done with a workspace as it is now; opening it first. */
export function workspaceActions(workspace: Workspace): PaletteAction[] {
  const { id, name, template } = workspace
  const isUnchanging = !isBusy(workspace)
  const isIdle = isUnchanging && !isHeld(useStore.getState(), id)
  const isRunning = workspace.running
  const can = (capability: Capability) => workspace.unavailable[capability] === undefined
  const action = (key: string, title: string, icon: LucideIcon, run: () => void): PaletteAction => ({
    id: `${id} ${key}`,
    title,
    workspace,
    icon,
    run,
  })
  return [
    action('open', 'Open', PanelRight, () => go(routes.workspace(name))),
    ...(template ? [action('new', 'New workspace from it', Plus, () => openNewFromTemplate(id))] : []),
    ...(isIdle && !isRunning && !template ? [action('start', 'Start', Play, () => startWorkspace(workspace))] : []),
    ...(isIdle && isRunning ? [action('stop', 'Stop', Square, () => stopWorkspace(workspace))] : []),
    ...(isRunning ? [action('terminal', 'Terminal', SquareTerminal, () => go(routes.workspace(name, 'terminal')))] : []),
    action('logs', 'Logs', ScrollText, () => go(routes.workspace(name, 'logs'))),
    ...(can('ports') ? [action('ports', 'Ports', Cable, () => go(routes.workspace(name, 'ports')))] : []),
    ...(workspace.ports.ssh === null ? [] : [action('ssh', 'Copy ssh command', Copy, () => void copySshCommand(workspace))]),
    ...EDITORS.filter((editor) => editorLink(editor, workspace) !== null).map((editor) =>
      action(editor, `Open in ${EDITOR_NAMES[editor]}`, Code, () => openInEditor(workspace, editor)),
    ),
    ...(isUnchanging ? [action('clone', 'Clone…', CopyPlus, () => openDialog({ kind: 'clone-workspace', workspaceId: id }))] : []),
    ...(isIdle && can('snapshots') ? [action('snapshot', 'Snapshot now', Camera, () => takeSnapshot(workspace))] : []),
    ...(can('snapshots')
      ? [action('snapshots', 'Snapshots: restore, delete…', History, () => go(routes.workspace(name, 'snapshots')))]
      : []),
    action('settings', 'Settings of', SlidersHorizontal, () => go(routes.workspace(name, 'settings'))),
    ...(isIdle && isRunning ? [action('restart', 'Restart', RotateCw, () => restartWorkspace(workspace))] : []),
    ...(isIdle && isRunning && can('sync') ? [action('sync', 'Sync files', RefreshCw, () => syncWorkspace(workspace))] : []),
    ...(isIdle ? [action('rename', 'Rename…', Pencil, () => openDialog({ kind: 'rename-workspace', workspaceId: id }))] : []),
    ...(isIdle && can('rebuild')
      ? [action('rebuild', 'Rebuild…', Hammer, () => openDialog({ kind: 'rebuild-workspace', workspaceId: id }))]
      : []),
    ...(isIdle && isRunning && can('container') ? devcontainerActions(workspace, action) : []),
    ...(can('limits') ? [action('limit', 'Disk limit…', Gauge, () => openDialog({ kind: 'limit-workspace', workspaceId: id }))] : []),
    ...(can('container') ? [action('debug', 'Debug report…', Bug, () => openDialog({ kind: 'debug-workspace', workspaceId: id }))] : []),
    action('label', 'Set label…', Tag, () => openDialog({ kind: 'label-workspace', workspaceId: id })),
    ...(isIdle && can('container') && hasSeveralEngines()
      ? [action('relocate', 'Move to another engine…', ArrowRightLeft, () => openDialog({ kind: 'relocate-workspace', workspaceId: id }))]
      : []),
    ...(isIdle && can('export')
      ? [action('export', 'Export…', FileOutput, () => openDialog({ kind: 'export-workspace', workspaceId: id }))]
      : []),
    ...(isIdle && template ? [action('template', 'Unset template', LayoutTemplate, () => unsetTemplate(workspace))] : []),
    ...(isIdle && !template && can('templates')
      ? [action('template', 'Make template', LayoutTemplate, () => makeTemplate(workspace))]
      : []),
    ...(isIdle ? [action('delete', 'Delete…', Trash2, () => openDialog({ kind: 'delete-workspace', workspaceId: id }))] : []),
  ]
}

function devcontainerActions(
  workspace: Workspace,
  action: (key: string, title: string, icon: LucideIcon, run: () => void) => PaletteAction,
): PaletteAction[] {
  const { state, container } = workspace.devcontainerState
  if (state === 'none') return []
  return [
    ...(state === 'running' ? [] : [action('devcontainer', 'Open in dev container', Container, () => openDevcontainer(workspace))]),
    ...(container === null
      ? []
      : [action('devcontainer-rebuild', 'Rebuild dev container', Container, () => rebuildDevcontainer(workspace))]),
    ...(state === 'running' ? [action('devcontainer-stop', 'Stop dev container', Container, () => stopDevcontainer(workspace))] : []),
  ]
}

/** A Swarm to be used, and those that are. */
function swarmActions(): PaletteAction[] {
  const { engines, swarms } = useStore.getState()
  const offered = engines.some((engine) => managesUnused(engine, swarms))
  return [
    ...(offered ? [{ id: 'use-swarm', title: 'Use a Swarm…', icon: Network, run: () => openDialog({ kind: 'use-swarm' }) }] : []),
    ...swarms.map(({ id, name }) => ({
      id: `swarm ${id}`,
      title: `Show the Swarm ${name}`,
      icon: Network,
      run: () => go(routes.engine(name)),
    })),
  ]
}

const hasSeveralEngines = () => useStore.getState().engines.length > 1
