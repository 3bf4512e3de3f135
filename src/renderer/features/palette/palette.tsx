import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Adoptable } from '../../../shared/adoptable'
import type { Workspace } from '../../../shared/workspace'
import type { ScreenEntry } from '../../screen'
import { useAdoptable, useStore, useWorkspaces } from '../../store/store'
import { ForeignText } from '../../ui/foreign-text'
import { useGiveFocusBack } from '../../ui/give-focus-back'
import { Kbd } from '../../ui/kbd'
import { WorkspaceMark } from '../../workspace-model/workspaces/workspace-mark'
import { adoptionActions, generalActions, type PaletteAction, workspaceActions } from './palette-actions'
import { rankActions } from './rank-actions'

interface PaletteProps {
  screens: readonly ScreenEntry[]
  /** The workspace that is open: what can be done with it comes first. */
  currentId: string | undefined
  onClose(): void
}

/** Every action on every workspace, found by a few letters of it. */
export function Palette({ screens, currentId, onClose }: PaletteProps) {
  useGiveFocusBack()
  const [query, setQuery] = useState('')
  const [selected, setSelected] = useState<string | null>(null)
  const workspaces = useWorkspaces()
  const current = useStore((state) => (currentId === undefined ? undefined : state.workspaces.byId[currentId]))
  const adoptable = useAdoptable()
  const shown = useMemo(
    () => rankActions(actionsFor(screens, workspaces, adoptable, current, query), query),
    [screens, workspaces, adoptable, current, query],
  )

  return (
    <Command.Dialog
      open
      onOpenChange={(open) => open || onClose()}
      label="Command palette"
      shouldFilter={false}
      value={selected ?? shown[0]?.id ?? ''}
      onValueChange={setSelected}
      loop
      overlayClassName="fixed inset-0 z-40 bg-scrim"
      contentClassName="overlay-in -translate-x-1/2 fixed top-[max(16px,12vh)] left-1/2 z-40 w-[calc(100vw-32px)] max-w-[560px] overflow-hidden rounded-lg bg-raised shadow-overlay outline-none"
    >
      <div className="flex items-center gap-2 border-line border-b px-3">
        <Search aria-hidden className="size-4 shrink-0 text-ink-faint" />
        <Command.Input
          value={query}
          onValueChange={(typed) => {
            setQuery(typed)
            setSelected(null)
          }}
          placeholder="What to do?"
          className="h-11 min-w-0 flex-1 bg-transparent text-lg outline-none placeholder:text-ink-faint"
        />
      </div>
      <Command.List className="max-h-[min(380px,60vh)] scroll-py-1 overflow-y-auto p-1">
        <Command.Empty className="p-6 text-center text-ink-muted">Nothing matches “{query.trim()}”.</Command.Empty>
        {shown.map((action) => (
          <PaletteItem
            key={action.id}
            action={action}
            onChoose={() => {
              onClose()
              action.run()
            }}
          />
        ))}
      </Command.List>
    </Command.Dialog>
  )
}

/** With nothing typed: what is likeliest. Everything else is found by typing. */
function actionsFor(
  screens: readonly ScreenEntry[],
  workspaces: Workspace[],
  adoptable: readonly Adoptable[],
  current: Workspace | undefined,
  query: string,
): PaletteAction[] {
  if (query.trim() !== '') return [...workspaces.flatMap(workspaceActions), ...generalActions(screens), ...adoptionActions(adoptable)]
  const others = workspaces.filter(({ id }) => id !== current?.id).flatMap((workspace) => workspaceActions(workspace).slice(0, 1))
  return [...(current === undefined ? [] : workspaceActions(current).slice(1)), ...generalActions(screens), ...others]
}

function PaletteItem({ action, onChoose }: { action: PaletteAction; onChoose(): void }) {
  const { id, title, workspace, icon: Icon, shortcut } = action
  return (
    <Command.Item
      value={id}
      onSelect={onChoose}
      className="flex h-8 select-none items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-selected"
    >
      <Icon aria-hidden className="size-3.5 shrink-0 text-ink-muted" />
      <span className="shrink-0">
        <ForeignText text={title} />
      </span>
      {workspace !== undefined && (
        <span className="flex min-w-0 items-center gap-1.5 text-ink-muted">
          <WorkspaceMark workspace={workspace} className="scale-75" />
          <span className="min-w-0 truncate">{workspace.name}</span>
          {workspace.label !== null && (
            <span className="min-w-0 truncate text-ink-faint text-sm">
              <ForeignText text={workspace.label} />
            </span>
          )}
        </span>
      )}
      {shortcut !== undefined && (
        <span className="ml-auto">
          <Kbd keys={shortcut} />
        </span>
      )}
    </Command.Item>
  )
}
