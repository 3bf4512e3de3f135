import {
  Accessibility,
  Columns2,
  Ellipsis,
  ExternalLink,
  type LucideIcon,
  PanelLeftClose,
  Pencil,
  RotateCw,
  Rows2,
  Search,
  Settings,
  X,
} from 'lucide-react'
import { go, routes } from '../../../routes'
import { IconButton } from '../../../ui/button'
import { Kbd } from '../../../ui/kbd'
import { Menu, MenuItem, MenuSeparator } from '../../../ui/menu'
import { runTerminalCommand, shortcutOf, type TerminalCommand } from '../../../workspace-model/terminal/terminal-commands'
import { useScreenReaderMode } from '../view/screen-reader-mode'

interface TerminalMenuProps {
  /** There is a session, and it has room beside it. */
  canSplit: boolean
  hasSession: boolean
  canRestart: boolean
  onRename(): void
  onRestart(): void
  /** Out of its split; null where it is alone. */
  onDetach: (() => void) | null
  /** Beside the pane of the tab before; null where there is none. */
  onJoin: (() => void) | null
}

/** What can be done with the session that is shown. */
export function TerminalMenu({ canSplit, hasSession, canRestart, onRename, onRestart, onDetach, onJoin }: TerminalMenuProps) {
  const [screenReaderMode, setScreenReaderMode] = useScreenReaderMode()
  return (
    <Menu trigger={<IconButton icon={Ellipsis} label="Terminal menu" size="small" />}>
      <CommandItem icon={Columns2} command="split-right" disabled={!canSplit} title="Split to the right" />
      <CommandItem icon={Rows2} command="split-down" disabled={!canSplit} title="Split downwards" />
      {onDetach && (
        <MenuItem icon={ExternalLink} onSelect={onDetach}>
          Move to a tab of its own
        </MenuItem>
      )}
      {onJoin && (
        <MenuItem icon={PanelLeftClose} onSelect={onJoin}>
          Move into the tab before
        </MenuItem>
      )}
      <MenuSeparator />
      <CommandItem icon={Search} command="search" disabled={!hasSession} title="Search" />
      <MenuItem icon={Pencil} disabled={!hasSession} onSelect={onRename}>
        Rename…
      </MenuItem>
      <MenuItem icon={RotateCw} disabled={!canRestart} onSelect={onRestart}>
        Restart this session
      </MenuItem>
      <CommandItem icon={X} command="close" disabled={!hasSession} title="Close this session" />
      <MenuSeparator />
      <MenuItem icon={Accessibility} onSelect={() => setScreenReaderMode(!screenReaderMode)}>
        Turn screen reader mode {screenReaderMode ? 'off' : 'on'}
      </MenuItem>
      <MenuItem icon={Settings} onSelect={() => go(`${routes.settings}/terminal`)}>
        Terminal settings
      </MenuItem>
    </Menu>
  )
}

interface CommandItemProps {
  icon: LucideIcon
  command: TerminalCommand
  disabled: boolean
  title: string
}

function CommandItem({ icon, command, disabled, title }: CommandItemProps) {
  const keys = shortcutOf(command)
  return (
    <MenuItem icon={icon} disabled={disabled} onSelect={() => runTerminalCommand(command)}>
      <span className="flex-1 pr-4">{title}</span>
      {keys && (
        <span aria-hidden>
          <Kbd keys={keys} />
        </span>
      )}
    </MenuItem>
  )
}
