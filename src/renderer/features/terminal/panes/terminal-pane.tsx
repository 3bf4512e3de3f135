import { X } from 'lucide-react'
import { type CSSProperties, type DragEvent, useEffect, useEffectEvent, useRef, useState } from 'react'
import type { TerminalSession } from '../../../../shared/contract/terminals'
import type { Workspace } from '../../../../shared/workspace'
import type { StreamState } from '../../../resuming-stream'
import { openStream } from '../../../stream-client'
import { IconButton } from '../../../ui/button'
import { classNames } from '../../../ui/class-names'
import { Truncated } from '../../../ui/truncated'
import { carriesFiles } from '../../../workspace-model/files/dropped-files'
import { reportError } from '../../../workspace-model/problems/run-suggested-action'
import { ClipboardBar } from '../sessions/clipboard-bar'
import { RenameField } from '../sessions/rename-field'
import { SessionIcon } from '../sessions/session-icon'
import { SessionNotice } from '../sessions/session-notice'
import { useClipboardRequests } from '../sessions/use-clipboard-requests'
import { uploadDropped } from '../view/drop-files'
import { flashBell } from '../view/flash-bell'
import { RiskyPasteDialog } from '../view/risky-paste-dialog'
import { SearchBar } from '../view/search-bar'
import type { TerminalLook } from '../view/terminal-look'
import type { SearchResult } from '../view/terminal-search'
import { createTerminalView, type TerminalView } from '../view/terminal-view'
import { PaneDropZone } from './pane-drop-zone'
import type { Rectangle, Side } from './pane-tree'

const RESUME_DELAY_MS = 300

interface TerminalPaneProps {
  session: TerminalSession
  title: string
  workspace: Workspace
  /** Where it is in the area of all panes; null while another tab is shown. */
  rectangle: Rectangle | null
  /** One of several in its tab: it then has a bar with its title. */
  isSplit: boolean
  isFocused: boolean
  look: TerminalLook
  /** Another number each time the person asks for this terminal to type in it; 0 before that. */
  focusRequest: number
  /** The same for its search. */
  searchRequest: number
  isRenaming: boolean
  takesDrop: boolean
  onFocus(): void
  onBell(): void
  onRestart(): void
  onClose(): void
  onCloseSearch(): void
  onRenaming(): void
  onRename(name: string | null): void
  onDrag(dragged: boolean): void
  onDrop(side: Side): void
}

/** One session. Stays alive while another is shown, so that switching back is instant. */
export function TerminalPane(props: TerminalPaneProps) {
  const { session, title, rectangle, look, isSplit, focusRequest, searchRequest } = props
  const visible = rectangle !== null
  const hostRef = useRef<HTMLDivElement>(null)
  const [view, setView] = useState<TerminalView | null>(null)
  const [state, setState] = useState<StreamState>('connecting')
  const [isGone, setIsGone] = useState(false)
  const [riskyPaste, setRiskyPaste] = useState<string | null>(null)
  const [searchResult, setSearchResult] = useState<SearchResult | null>(null)
  // The dialog and the bar take the focus, and give it back to nobody.
  const [answers, setAnswers] = useState(0)
  const clipboard = useClipboardRequests(props.workspace)
  const onClipboardWrite = useEffectEvent(clipboard.takeWrite)
  const firstOptions = useEffectEvent(() => ({ size: { cols: session.cols, rows: session.rows }, look }))
  const onEnterAfterEnd = useEffectEvent(() => session.status === 'ended' && props.onRestart())
  const onFocus = useEffectEvent(props.onFocus)
  const onBell = useEffectEvent(() => {
    if (look.bell === 'off') return
    if (hostRef.current) flashBell(hostRef.current)
    props.onBell()
  })

  useEffect(() => {
    const host = hostRef.current
    if (!host) return
    const created = createTerminalView({
      ...firstOptions(),
      host,
      openStream: () => openStream(session.id),
      onState: setState,
      onEnd: (exitCode) => setIsGone(exitCode === null),
      onRiskyPaste: setRiskyPaste,
      onEnterAfterEnd: () => onEnterAfterEnd(),
      onFocus: () => onFocus(),
      onBell: () => onBell(),
      onClipboardWrite: (text) => onClipboardWrite(text),
      onSearchResult: setSearchResult,
    })
    setView(created)
    return () => {
      created.dispose()
      setView(null)
    }
  }, [session.id])

  useEffect(() => view?.setSessionSize({ cols: session.cols, rows: session.rows }), [view, session.cols, session.rows])
  useEffect(() => view?.setVisible(visible), [view, visible])
  useEffect(() => view?.setLook(look), [view, look])

  // Restarted, here or elsewhere. The end may come a moment before the news of it: that is waited for.
  const isOver = state === 'closed' && session.status !== 'ended' && !isGone
  useEffect(() => {
    if (!isOver || !view) return
    const timer = setTimeout(() => view.resume(), RESUME_DELAY_MS)
    return () => clearTimeout(timer)
  }, [isOver, view])

  const answeredFocus = useRef('')
  useEffect(() => {
    const request = `${focusRequest} ${answers}`
    if (!view || !visible || request === answeredFocus.current) return
    if (focusRequest + answers > 0) view.focus()
    answeredFocus.current = request
  }, [view, visible, focusRequest, answers])

  function onDragOverFiles(event: DragEvent): void {
    if (!carriesFiles(event.dataTransfer)) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'copy'
  }

  function onDropFiles(event: DragEvent): void {
    if (!carriesFiles(event.dataTransfer)) return
    event.preventDefault()
    uploadDropped(props.workspace, event.dataTransfer).then(
      (paths) => {
        view?.paste(paths)
        view?.focus()
      },
      (error: unknown) => reportError(error),
    )
  }

  function answerRiskyPaste(text: string | null): void {
    if (text !== null) view?.paste(text)
    setRiskyPaste(null)
    setAnswers((count) => count + 1)
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a pane is no group of form fields
    <div
      role="group"
      aria-label={title}
      data-session={session.id}
      style={rectangle === null ? undefined : position(rectangle)}
      className={classNames('absolute flex flex-col', !visible && 'hidden')}
    >
      {isSplit && <PaneBar {...props} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: for the pointer; the keyboard has the Files tab */}
      <div ref={hostRef} onDragOver={onDragOverFiles} onDrop={onDropFiles} className="terminal-host min-h-0 flex-1 overflow-hidden" />
      {state === 'connecting' && (
        <p
          role="status"
          className="terminal-late absolute top-2 right-4 rounded-md bg-raised px-2 py-1 text-ink-muted text-sm shadow-overlay"
        >
          Connecting to the session…
        </p>
      )}
      {view && searchRequest > 0 && (
        <SearchBar isBelowBar={isSplit} search={view.search} result={searchResult} request={searchRequest} onClose={props.onCloseSearch} />
      )}
      {clipboard.request && (
        <ClipboardBar workspace={props.workspace} request={clipboard.request} onAnswered={() => setAnswers((count) => count + 1)} />
      )}
      <SessionNotice
        session={session}
        workspace={props.workspace}
        isGone={isGone && state === 'closed'}
        onRestart={props.onRestart}
        onClose={props.onClose}
      />
      {props.takesDrop && visible && <PaneDropZone onDrop={props.onDrop} />}
      {riskyPaste !== null && (
        <RiskyPasteDialog text={riskyPaste} onPaste={() => answerRiskyPaste(riskyPaste)} onCancel={() => answerRiskyPaste(null)} />
      )}
    </div>
  )
}

/** The title of one pane among several: dragged to move it, clicked twice to rename it. */
function PaneBar({ session, title, isFocused, isRenaming, onRenaming, onRename, onDrag, onClose, onFocus }: TerminalPaneProps) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for the pointer; the keyboard has the terminal menu
    <div
      draggable={!isRenaming}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData('text/plain', title)
        onDrag(true)
      }}
      onDragEnd={() => onDrag(false)}
      onPointerDown={onFocus}
      onDoubleClick={onRenaming}
      className={classNames(
        'flex h-6 shrink-0 items-center gap-1.5 border-line border-b bg-sunken pr-1 pl-3 text-sm',
        isFocused ? 'text-ink shadow-[inset_0_2px_0_var(--accent)]' : 'text-ink-muted',
      )}
    >
      <SessionIcon session={session} />
      {isRenaming ? (
        <RenameField label={`Name of ${title}`} name={session.name ?? title} onRename={onRename} onCancel={() => onRename(null)} />
      ) : (
        <Truncated text={title} className="flex-1 font-mono" />
      )}
      <IconButton icon={X} label={`Close ${title}`} size="small" className="size-5" onClick={onClose} />
    </div>
  )
}

function position({ left, top, width, height }: Rectangle): CSSProperties {
  return { left: `${left * 100}%`, top: `${top * 100}%`, width: `${width * 100}%`, height: `${height * 100}%` }
}
