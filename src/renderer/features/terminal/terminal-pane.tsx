import { RotateCw } from 'lucide-react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { TerminalSession } from '../../../shared/contract/terminals'
import type { StreamState } from '../../resuming-stream'
import { openStream } from '../../stream-client'
import { Button } from '../../ui/button'
import { classNames } from '../../ui/class-names'
import { RiskyPasteDialog } from './risky-paste-dialog'
import { createTerminalView, type TerminalView } from './terminal-view'

interface TerminalPaneProps {
  session: TerminalSession
  visible: boolean
  fontSize: number
  screenReaderMode: boolean
  /** Another number each time the person asks for this terminal to type in it; 0 before that. */
  focusRequest: number
  onRestart(): void
  onClose(): void
}

/** One session. Stays alive while another is shown, so that switching back is instant. */
export function TerminalPane({ session, visible, fontSize, screenReaderMode, focusRequest, onRestart, onClose }: TerminalPaneProps) {
  const hostRef = useRef<HTMLDivElement>(null)
  const [view, setView] = useState<TerminalView | null>(null)
  const [state, setState] = useState<StreamState>('connecting')
  const [end, setEnd] = useState<{ exitCode: number | null } | null>(null)
  const [riskyPaste, setRiskyPaste] = useState<string | null>(null)
  // The dialog has the focus, and gives it back to nobody.
  const [pasteAnswers, setPasteAnswers] = useState(0)
  const onEnterAfterEnd = useEffectEvent(onRestart)
  const firstOptions = useEffectEvent(() => ({ size: { cols: session.cols, rows: session.rows }, fontSize, screenReaderMode }))

  useEffect(() => {
    const host = hostRef.current
    if (!host) return
    const created = createTerminalView({
      ...firstOptions(),
      host,
      stream: openStream(session.id),
      onState: setState,
      onExit: (exitCode) => setEnd({ exitCode }),
      onGone: () => setEnd({ exitCode: null }),
      onRiskyPaste: setRiskyPaste,
      onEnterAfterEnd: () => onEnterAfterEnd(),
    })
    setView(created)
    return () => {
      created.dispose()
      setView(null)
    }
  }, [session.id])

  useEffect(() => view?.setSessionSize({ cols: session.cols, rows: session.rows }), [view, session.cols, session.rows])
  useEffect(() => view?.setVisible(visible), [view, visible])
  useEffect(() => view?.setFontSize(fontSize), [view, fontSize])
  useEffect(() => view?.setScreenReaderMode(screenReaderMode), [view, screenReaderMode])
  const answeredFocus = useRef('')
  useEffect(() => {
    const request = `${focusRequest} ${pasteAnswers}`
    if (!view || !visible || request === answeredFocus.current) return
    if (focusRequest + pasteAnswers > 0) view.focus()
    answeredFocus.current = request
  }, [view, visible, focusRequest, pasteAnswers])

  function answerRiskyPaste(text: string | null): void {
    if (text !== null) view?.paste(text)
    setRiskyPaste(null)
    setPasteAnswers((count) => count + 1)
  }

  return (
    <div
      role="tabpanel"
      id={paneId(session.id)}
      aria-labelledby={sessionTabId(session.id)}
      className={classNames('absolute inset-0 flex flex-col', !visible && 'invisible')}
    >
      <div ref={hostRef} className="terminal-host min-h-0 flex-1 overflow-hidden" />
      {state === 'connecting' && (
        <p
          role="status"
          className="terminal-late absolute top-2 right-4 rounded-md bg-raised px-2 py-1 text-ink-muted text-sm shadow-overlay"
        >
          Connecting to the session…
        </p>
      )}
      {end && (
        <div className="flex items-center gap-2 border-line border-t bg-sunken px-3 py-1.5">
          <p role="status" className="min-w-0 flex-1 truncate text-ink-muted">
            {endInWords(end.exitCode)}
          </p>
          <Button size="small" icon={RotateCw} onClick={onRestart}>
            Restart
          </Button>
          <Button size="small" variant="ghost" onClick={onClose}>
            Close
          </Button>
        </div>
      )}
      {riskyPaste !== null && (
        <RiskyPasteDialog text={riskyPaste} onPaste={() => answerRiskyPaste(riskyPaste)} onCancel={() => answerRiskyPaste(null)} />
      )}
    </div>
  )
}

export const paneId = (sessionId: string) => `terminal-${sessionId}`
export const sessionTabId = (sessionId: string) => `terminal-tab-${sessionId}`

function endInWords(exitCode: number | null): string {
  if (exitCode === null) return 'This session is gone.'
  return exitCode === 0 ? 'The session has ended.' : `The session has ended with code ${exitCode}.`
}
