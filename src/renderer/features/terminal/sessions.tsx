import { Plus, SquareTerminal } from 'lucide-react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { sessionsOf } from '../../../shared/terminal-layout'
import type { Workspace } from '../../../shared/workspace'
import { useTerminals } from '../../store/store'
import { Button, IconButton } from '../../ui/button'
import { EmptyState } from '../../ui/empty-state'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { shortcutOf } from '../../workspace-model/terminal/terminal-commands'
import { type Dragged, dragSoon, isPartOf } from './panes/dragged-pane'
import { PaneDivider } from './panes/pane-divider'
import { changeTab, focusedIn, hasRoomBeside, moveTab, type Place, put, putTab, reconcile, type Tabs } from './panes/pane-tabs'
import { arrange, neighbourOf, type Side } from './panes/pane-tree'
import { TerminalPane } from './panes/terminal-pane'
import { usePaneTabs } from './panes/use-pane-tabs'
import { EndSessionDialog } from './sessions/end-session-dialog'
import { OpenMenu } from './sessions/open-menu'
import { SessionTabs, type ShownTab, sessionTabId } from './sessions/session-tabs'
import { type TitleNumbers, titledSessions } from './sessions/session-titles'
import { TerminalMenu } from './sessions/terminal-menu'
import {
  closeSession,
  renameSession,
  requestLike,
  restartSession,
  type SessionRequest,
  useSessionActions,
} from './sessions/use-session-actions'
import { useTerminalCommands } from './sessions/use-terminal-commands'
import { useTerminalLook, zoomTerminal } from './view/terminal-look'
import { measureTerminal } from './view/terminal-view'

const PANEL_ID = 'terminal-panes'

/** The sessions of a workspace, as tabs that can be split. */
export function Sessions({ workspace }: { workspace: Workspace }) {
  // Those without a tty are commands of the command line; to look at one would take its output from it.
  const sessions = useTerminals(workspace.id).filter(({ tty }) => tty)
  const [titleNumbers] = useState<TitleNumbers>(() => new Map())
  const titles = new Map(titledSessions(sessions, workspace.name, titleNumbers).map(({ session, title }) => [session.id, title]))
  const byId = new Map(sessions.map((session) => [session.id, session]))
  const panes = usePaneTabs(
    workspace.id,
    sessions.map(({ id }) => id),
  )
  const { tabs, active, focusedId } = panes
  const { openingCount, problem, open, openFirst } = useSessionActions(workspace.id)
  const look = useTerminalLook()
  const areaRef = useRef<HTMLDivElement>(null)
  const [focusRequest, setFocusRequest] = useState({ sessionId: '', number: 0 })
  const [searchRequest, setSearchRequest] = useState({ sessionId: '', number: 0 })
  const [renaming, setRenaming] = useState<{ tabId: string } | { sessionId: string } | null>(null)
  const [dragged, setDragged] = useState<Dragged | null>(null)
  const [endingId, setEndingId] = useState<string | null>(null)
  const [rungIds, setRungIds] = useState<ReadonlySet<string>>(new Set())
  const shownIds = useRef(new Set<string>())

  const isRunning = workspace.running
  const focused = focusedId === undefined ? undefined : byId.get(focusedId)
  const layout = active && arrange(active.root)
  // A terminal is made when it is first looked at, and kept from then on.
  for (const id of layout?.panes.keys() ?? []) shownIds.current.add(id)
  const isSplit = (layout?.panes.size ?? 0) > 1

  function select(sessionId: string, typing: boolean): void {
    panes.select(sessionId)
    setRungIds((ids) => without(ids, sessionId))
    if (typing) focus(sessionId)
  }

  function focus(sessionId: string | undefined): void {
    if (sessionId !== undefined) setFocusRequest(({ number }) => ({ sessionId, number: number + 1 }))
  }

  async function openAt(request: SessionRequest, place: Place | null, opener: typeof open | null = open): Promise<void> {
    const size = areaRef.current ? measureTerminal(areaRef.current, look) : null
    const session = await (opener === null ? openFirst(size) : opener(request, size))
    if (session === null) return
    panes.arrange((current) => {
      const known = reconcile(current, [...current.flatMap(({ root }) => sessionsOf(root)), session.id])
      return place === null ? known : put(known, session.id, place)
    }, session.id)
    focus(session.id)
  }

  function split(side: Side): void {
    if (!isRunning || focused === undefined || !hasRoomBeside(tabs, focused.id, side)) return
    void openAt(requestLike(focused), { kind: 'beside', sessionId: focused.id, side })
  }

  function end(sessionId: string): void {
    setEndingId(null)
    const ids = tabs.flatMap(({ root }) => sessionsOf(root))
    const sameTab = active === undefined ? [] : sessionsOf(active.root)
    const row = sameTab.length > 1 && sameTab.includes(sessionId) ? sameTab : ids
    const index = row.indexOf(sessionId)
    const neighbour = row[index + 1] ?? row[index - 1]
    if (sessionId === focusedId && neighbour !== undefined) select(neighbour, true)
    closeSession(sessionId)
  }

  function close(sessionId: string): void {
    if (byId.get(sessionId)?.status === 'running') setEndingId(sessionId)
    else end(sessionId)
  }

  function moveFocus(side: Side): void {
    const neighbour = active && focusedId !== undefined && neighbourOf(active.root, focusedId, side)
    if (neighbour) select(neighbour, true)
  }

  function stepTab(way: 1 | -1): void {
    const index = active === undefined ? -1 : tabs.indexOf(active)
    const next = tabs.at((index + way) % tabs.length)
    const sessionId = next && focusedIn(next)
    if (sessionId !== undefined) select(sessionId, true)
  }

  function drop(place: Place): void {
    if (dragged === null) return
    setDragged(null)
    if (dragged.kind === 'pane') panes.arrange((all) => put(all, dragged.sessionId, place), dragged.sessionId)
    else if (place.kind === 'tab') panes.arrange((all) => moveTab(all, dragged.tabId, place.index))
    else {
      const tab = tabs.find(({ id }) => id === dragged.tabId)
      panes.arrange((all) => putTab(all, dragged.tabId, place), tab && focusedIn(tab))
    }
  }

  useTerminalCommands({
    open: () => void (isRunning && openAt({ kind: 'shell' }, null)),
    split,
    close: () => focusedId !== undefined && close(focusedId),
    stepTab,
    moveFocus,
    search: () => setSearchRequest(({ number }) => ({ sessionId: focusedId ?? '', number: number + 1 })),
    zoom: (step) => zoomTerminal(look.fontSize, step),
    leave: () => active && document.getElementById(sessionTabId(active.id))?.focus(),
  })

  const openOrFocusFirst = useEffectEvent(() => {
    if (!isRunning) return
    if (sessions.length === 0) void openAt({ kind: 'shell' }, null, null)
    // Who came here with the mouse wants to type; who walks along the tabs with the keyboard must not lose their place.
    else if (!document.activeElement?.matches(':focus-visible')) focus(focusedId)
  })
  useEffect(() => {
    if (isRunning) openOrFocusFirst()
  }, [isRunning])

  const shownTabs = tabs.flatMap((tab): ShownTab[] => {
    const ids = sessionsOf(tab.root)
    const session = byId.get(focusedIn(tab) ?? '')
    if (session === undefined) return []
    const name = ids.length > 1 ? tab.name : session.name
    const hasRung = tab !== active && ids.some((id) => rungIds.has(id))
    return [
      { id: tab.id, title: name ?? titles.get(session.id) ?? session.title, name: name ?? '', session, paneCount: ids.length, hasRung },
    ]
  })

  function rename(tab: ShownTab, name: string): void {
    setRenaming(null)
    if (tab.paneCount > 1) panes.arrange((all) => changeTab(all, tab.id, { name: name === '' ? null : name }))
    else if (name !== tab.title) renameSession(tab.session.id, name)
    if (tab.id === active?.id) focus(focusedId)
  }

  const before = active === undefined ? undefined : tabs[tabs.indexOf(active) - 1]
  const ending = endingId === null ? undefined : byId.get(endingId)
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex h-8 shrink-0 items-stretch border-line border-b bg-sunken">
        <SessionTabs
          tabs={shownTabs}
          selectedId={active?.id}
          panelId={PANEL_ID}
          renamingId={renaming !== null && 'tabId' in renaming ? renaming.tabId : null}
          takesDrop={dragged !== null}
          onSelect={(tab, typing) => select(tab.session.id, typing)}
          onClose={(tab) => close(tab.session.id)}
          onMove={(tabId, index) => panes.arrange((all) => moveTab(all, tabId, index))}
          onRename={rename}
          onRenaming={(tabId) => setRenaming(tabId === null ? null : { tabId })}
          onDrag={(tabId) => dragSoon(() => setDragged(tabId === null ? null : { kind: 'tab', tabId }))}
          onDrop={(index) => drop({ kind: 'tab', index })}
        />
        <div className="flex flex-1 items-center gap-0.5 px-1">
          <IconButton
            icon={Plus}
            label="New session"
            shortcut={shortcutOf('new-session') ?? ''}
            size="small"
            disabled={openingCount > 0 || !isRunning}
            onClick={() => void openAt({ kind: 'shell' }, null)}
          />
          <OpenMenu workspace={workspace} disabled={!isRunning} onOpen={(request) => void openAt(request, null)} />
          <span className="flex-1" />
          <TerminalMenu
            hasSession={focused !== undefined}
            canSplit={isRunning && focused !== undefined && hasRoomBeside(tabs, focused.id, 'right')}
            canRestart={isRunning && focused !== undefined}
            onRename={() => active && setRenaming({ tabId: active.id })}
            onRestart={() => focusedId !== undefined && restartSession(focusedId)}
            onDetach={isSplit && focused ? () => panes.arrange((all) => put(all, focused.id, { kind: 'tab', index: all.length })) : null}
            onJoin={before && active ? () => join(active.id, before) : null}
          />
        </div>
      </div>
      {problem && <ProblemPanel presentation={problem.presentation} onRetry={() => void openAt(problem.request, null)} className="m-3" />}
      <div
        ref={areaRef}
        role="tabpanel"
        id={PANEL_ID}
        aria-label={active === undefined ? 'Sessions' : undefined}
        aria-labelledby={active === undefined ? undefined : sessionTabId(active.id)}
        className="terminal-host relative flex min-h-0 flex-1 overflow-hidden bg-(--terminal-background)"
      >
        {sessions
          .filter(({ id }) => shownIds.current.has(id))
          .map((session) => (
            <TerminalPane
              key={session.id}
              session={session}
              title={titles.get(session.id) ?? session.title}
              workspace={workspace}
              rectangle={layout?.panes.get(session.id) ?? null}
              isSplit={isSplit}
              isFocused={session.id === focusedId}
              look={look}
              focusRequest={focusRequest.sessionId === session.id ? focusRequest.number : 0}
              searchRequest={searchRequest.sessionId === session.id ? searchRequest.number : 0}
              isRenaming={renaming !== null && 'sessionId' in renaming && renaming.sessionId === session.id}
              takesDrop={dragged !== null && !isPartOf(dragged, session.id, tabs)}
              onFocus={() => select(session.id, false)}
              onBell={() => setRungIds((ids) => new Set(ids).add(session.id))}
              onRestart={() => restartSession(session.id)}
              onClose={() => close(session.id)}
              onCloseSearch={() => {
                setSearchRequest({ sessionId: '', number: 0 })
                focus(session.id)
              }}
              onRenaming={() => setRenaming({ sessionId: session.id })}
              onRename={(name) => {
                setRenaming(null)
                if (name !== null && name !== titles.get(session.id)) renameSession(session.id, name)
                focus(session.id)
              }}
              onDrag={(isDragged) => dragSoon(() => setDragged(isDragged ? { kind: 'pane', sessionId: session.id } : null))}
              onDrop={(side) => drop({ kind: 'beside', sessionId: session.id, side })}
            />
          ))}
        {layout?.dividers.map((divider) => (
          <PaneDivider
            key={`${divider.path.join('.')}/${divider.index}`}
            divider={divider}
            area={() => areaRef.current}
            onResize={(share) => panes.preview(divider.path, divider.index, share)}
            onEnd={panes.keepPreview}
          />
        ))}
        {sessions.length === 0 && openingCount === 0 && !problem && (
          <EmptyState icon={SquareTerminal} title="No session is open">
            <Button variant="primary" icon={Plus} onClick={() => void openAt({ kind: 'shell' }, null)}>
              Open a session
            </Button>
          </EmptyState>
        )}
      </div>
      {ending && (
        <EndSessionDialog
          title={titles.get(ending.id) ?? ending.title}
          onEnd={() => end(ending.id)}
          onCancel={() => {
            setEndingId(null)
            focus(focusedId)
          }}
        />
      )}
    </div>
  )

  function join(tabId: string, target: Tabs[number]): void {
    const sessionId = focusedIn(target)
    if (sessionId !== undefined) panes.arrange((all) => putTab(all, tabId, { kind: 'beside', sessionId, side: 'right' }))
  }
}

function without(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  if (!ids.has(id)) return ids
  const rest = new Set(ids)
  rest.delete(id)
  return rest
}
