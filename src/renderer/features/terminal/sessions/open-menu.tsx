import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import type { Capability } from '../../../../shared/place-capabilities'
import type { Workspace } from '../../../../shared/workspace'
import { IconButton } from '../../../ui/button'
import { Menu, MenuItem, MenuSeparator } from '../../../ui/menu'
import { TextDialog } from '../../../ui/text-dialog'
import { NestedContainersDialog } from './nested-containers-dialog'
import { KIND_ICONS } from './session-icon'
import type { SessionRequest } from './use-session-actions'

interface OpenMenuProps {
  workspace: Workspace
  disabled: boolean
  onOpen(request: SessionRequest): void
}

/** What a new session can be. */
export function OpenMenu({ workspace, disabled, onOpen }: OpenMenuProps) {
  const [asking, setAsking] = useState<'container' | 'command' | null>(null)
  const stopAsking = () => setAsking(null)
  const can = (capability: Capability) => workspace.unavailable[capability] === undefined
  return (
    <>
      <Menu trigger={<IconButton icon={ChevronDown} label="Kinds of sessions" size="small" disabled={disabled} />}>
        <MenuItem icon={KIND_ICONS.shell} onSelect={() => onOpen({ kind: 'shell' })}>
          Shell
        </MenuItem>
        {workspace.devcontainerState.state === 'running' && (
          <MenuItem icon={KIND_ICONS.shell} onSelect={() => onOpen({ kind: 'shell', outside: true })}>
            Shell outside the dev container
          </MenuItem>
        )}
        {can('root') && (
          <MenuItem icon={KIND_ICONS.root} onSelect={() => onOpen({ kind: 'root' })}>
            Root shell
          </MenuItem>
        )}
        {can('ssh') && (
          <MenuItem icon={KIND_ICONS.ssh} onSelect={() => onOpen({ kind: 'ssh' })}>
            ssh
          </MenuItem>
        )}
        <MenuSeparator />
        {can('nested-engine') && (
          <MenuItem icon={KIND_ICONS.nested} onSelect={() => setAsking('container')}>
            Shell in a container…
          </MenuItem>
        )}
        <MenuItem icon={KIND_ICONS.command} onSelect={() => setAsking('command')}>
          Command…
        </MenuItem>
      </Menu>
      {asking === 'container' && (
        <NestedContainersDialog
          workspace={workspace}
          onChoose={(container) => {
            stopAsking()
            onOpen({ kind: 'nested', container })
          }}
          onClose={stopAsking}
        />
      )}
      {asking === 'command' && (
        <TextDialog
          title="Run a command"
          description={`Runs in its own session in ${workspace.name}, as if typed at a prompt.`}
          label="Command"
          hint="For example: npm run dev"
          initial=""
          mono
          check={(line) => (line === '' ? 'Enter a command.' : line.length > LONGEST_LINE ? `At most ${LONGEST_LINE} characters.` : null)}
          action="Run"
          onSubmit={(line) => onOpen({ kind: 'command', line })}
          onClose={stopAsking}
        />
      )}
    </>
  )
}

const LONGEST_LINE = 10_000
