import { Accessibility, Ellipsis, Plus, SquareTerminal, X } from 'lucide-react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { TerminalSession } from '../../../shared/contract/terminals'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { useSettings, useTerminals } from '../../store/store'
import { Button, IconButton } from '../../ui/button'
import { EmptyState } from '../../ui/empty-state'
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu'
import { type Presentation, presentError } from '../problems/present-problem'
import { ProblemPanel } from '../problems/problem-panel'
import { reportError } from '../problems/take-step'
import { EndSessionDialog } from './end-session-dialog'
import { openFirstSession, openSession } from './open-session'
import { useScreenReaderMode } from './screen-reader-mode'
import { SessionTabs } from './session-tabs'
import { type TitleNumbers, titledSessions } from './session-titles'
import { TerminalPane } from './terminal-pane'
import { measureTerminal } from './terminal-view'

const DEFAULT_FONT_SIZE = 13

/** Which session was looked at last, by workspace: it is shown again when the person comes back. */
const lastSelected = new Map<string, string>()

/** The sessions of a running workspace, as tabs. */
export function Sessions({ workspace }: { workspace: Workspace }) {
  // Those without a tty are commands of the command line; to look at one would take its output from it.
  const sessions = useTerminals(workspace.id).filter(({ tty }) => tty)
  const [titleNumbers] = useState<TitleNumbers>(() => new Map())
  const titled = titledSessions(sessions, workspace.name, titleNumbers)
  const fontSize = useSettings()?.terminalFontSize ?? DEFAULT_FONT_SIZE
  const [screenReaderMode, setScreenReaderMode] = useScreenReaderMode()
  const panesRef = useRef<HTMLDivElement>(null)
  const [wantedId, setWantedId] = useState(() => lastSelected.get(workspace.id))
  const [focusRequest, setFocusRequest] = useState({ sessionId: '', number: 0 })
  const [openingCount, setOpeningCount] = useState(0)
  const [problem, setProblem] = useState<Presentation | null>(null)
  const [endingId, setEndingId] = useState<string | null>(null)

  const selected = sessions.find(({ id }) => id === wantedId) ?? sessions.at(-1)
  const selectedId = selected?.id ?? null
  const ending = titled.find(({ session }) => session.id === endingId)

  function select(sessionId: string, typing: boolean): void {
    setWantedId(sessionId)
    lastSelected.set(workspace.id, sessionId)
    if (typing) setFocusRequest(({ number }) => ({ sessionId, number: number + 1 }))
  }

  async function open(opener: typeof openSession = openSession): Promise<boolean> {
    setOpeningCount((count) => count + 1)
    setProblem(null)
    try {
      const size = panesRef.current ? measureTerminal(panesRef.current, fontSize) : null
      const session = await opener(workspace.id, size)
      select(session.id, true)
      return true
    } catch (error) {
      setProblem(presentError(error))
      return false
    } finally {
      setOpeningCount((count) => count - 1)
    }
  }

  function end(sessionId: string): void {
    setEndingId(null)
    const index = sessions.findIndex(({ id }) => id === sessionId)
    const neighbour = sessions[index + 1] ?? sessions[index - 1]
    if (sessionId === selectedId && neighbour) select(neighbour.id, true)
    closeSession(sessionId)
  }

  function keepSession(): void {
    setEndingId(null)
    if (selectedId !== null) select(selectedId, true)
  }

  function close(sessionId: string): void {
    const session = sessions.find(({ id }) => id === sessionId)
    if (session && session.exitCode === null) setEndingId(sessionId)
    else end(sessionId)
  }

  async function restart(session: TerminalSession): Promise<void> {
    if (await open()) closeSession(session.id)
  }

  const openFirst = useEffectEvent(() => {
    if (sessions.every(({ exitCode }) => exitCode !== null)) void open(openFirstSession)
    // Who came here with the mouse wants to type; who walks along the tabs with the keyboard must not lose their place.
    else if (selectedId !== null && !document.activeElement?.matches(':focus-visible')) select(selectedId, true)
  })
  useEffect(() => openFirst(), [])

  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex h-8 shrink-0 items-stretch border-line border-b bg-sunken">
        <SessionTabs sessions={titled} selectedId={selectedId} onSelect={select} onClose={close} />
        <div className="flex flex-1 items-center gap-1 px-1">
          <IconButton icon={Plus} label="New session" size="small" disabled={openingCount > 0} onClick={() => void open()} />
          <span className="flex-1" />
          <Menu trigger={<IconButton icon={Ellipsis} label="Terminal menu" size="small" />}>
            <MenuItem icon={X} disabled={selectedId === null} onSelect={() => selectedId && close(selectedId)}>
              Close this session
            </MenuItem>
            <MenuSeparator />
            <MenuItem icon={Accessibility} onSelect={() => setScreenReaderMode(!screenReaderMode)}>
              Turn screen reader mode {screenReaderMode ? 'off' : 'on'}
            </MenuItem>
          </Menu>
        </div>
      </div>
      {problem && <ProblemPanel presentation={problem} onRetry={() => void open()} className="m-3" />}
      <div ref={panesRef} className="terminal-host relative flex min-h-0 flex-1 overflow-hidden bg-(--terminal-background)">
        {sessions.map((session) => (
          <TerminalPane
            key={session.id}
            session={session}
            visible={session.id === selectedId}
            fontSize={fontSize}
            screenReaderMode={screenReaderMode}
            focusRequest={focusRequest.sessionId === session.id ? focusRequest.number : 0}
            onRestart={() => void restart(session)}
            onClose={() => close(session.id)}
          />
        ))}
        {sessions.length === 0 && openingCount === 0 && !problem && (
          <EmptyState icon={SquareTerminal} title="No session is open">
            <Button variant="primary" icon={Plus} onClick={() => void open()}>
              Open a session
            </Button>
          </EmptyState>
        )}
      </div>
      {ending && <EndSessionDialog title={ending.title} onEnd={() => end(ending.session.id)} onCancel={keepSession} />}
    </div>
  )
}

/** Its tab goes when the core says that the session is gone. */
function closeSession(sessionId: string): void {
  client.terminals.close({ sessionId }).catch((error: unknown) => reportError(error, () => closeSession(sessionId)))
}
