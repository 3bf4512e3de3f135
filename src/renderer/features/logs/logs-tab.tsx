import './logs.css'
import { FileText, Undo2 } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import type { Workspace } from '../../../shared/workspace'
import { Button } from '../../ui/button'
import { EmptyState } from '../../ui/empty-state'
import { isMac } from '../../ui/platform'
import { ProblemPanel } from '../problems/problem-panel'
import { LogList, type LogListHandle } from './log-list'
import { LogToolbar } from './log-toolbar'
import { logText, saveLog } from './save-log'
import { type LogPhase, useLog } from './use-log'
import { useLogSearch } from './use-log-search'

/** The Logs tab of a workspace: what its container writes. */
export function LogsTab({ workspace }: { workspace: Workspace }) {
  return <ContainerLog key={workspace.id} workspace={workspace} />
}

function ContainerLog({ workspace }: { workspace: Workspace }) {
  const { buffer, view, phase, readAgain } = useLog(workspace)
  const [follow, setFollow] = useState(true)
  const [wrap, setWrap] = useState(false)
  const [showTime, setShowTime] = useState(false)
  const listRef = useRef<LogListHandle>(null)
  const searchRef = useRef<HTMLInputElement>(null)
  const search = useLogSearch(
    buffer,
    view,
    () => listRef.current?.firstVisibleNumber() ?? 0,
    ({ number }) => {
      setFollow(false)
      listRef.current?.reveal(number)
    },
  )

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key.toLowerCase() !== 'f' || !(isMac ? event.metaKey : event.ctrlKey) || event.shiftKey || event.altKey) return
    event.preventDefault()
    searchRef.current?.select()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only the shortcut of the search, which has a control of its own
    <div className="flex h-full min-h-0 flex-col" onKeyDown={onKeyDown}>
      <LogToolbar
        searchRef={searchRef}
        search={search}
        onLeaveSearch={() => search.search('', search.matchCase)}
        follow={follow}
        onFollow={setFollow}
        wrap={wrap}
        onWrap={setWrap}
        showTime={showTime}
        onShowTime={setShowTime}
        onClear={() => {
          buffer.clear()
          setFollow(true)
        }}
        onSave={() => saveLog(workspace.name, buffer.lines(), showTime)}
        text={() => logText(buffer.lines(), showTime)}
        empty={view.count === 0}
      />
      {phase.kind === 'failed' && <ProblemPanel presentation={phase.presentation} onRetry={readAgain} className="m-3" />}
      {view.count === 0 ? (
        <div className="log-late flex min-h-0 flex-1 bg-(--terminal-background)">
          {phase.kind !== 'failed' && <EmptyLog workspace={workspace} phase={phase} cleared={view.cleared} onShowEarlier={readAgain} />}
        </div>
      ) : (
        <LogList
          ref={listRef}
          label={`Log of ${workspace.name}`}
          buffer={buffer}
          view={view}
          follow={follow}
          onFollow={setFollow}
          wrap={wrap}
          showTime={showTime}
          matches={search.matches}
          currentMatch={search.current}
        />
      )}
      <p className="flex h-6 shrink-0 items-center gap-3 border-line border-t bg-sunken px-3 text-ink-muted text-xs tabular-nums">
        <span>
          {view.count.toLocaleString()} {view.count === 1 ? 'line' : 'lines'}
        </span>
        <span className="min-w-0 truncate">{phaseInWords(phase, workspace)}</span>
      </p>
    </div>
  )
}

interface EmptyLogProps {
  workspace: Workspace
  phase: LogPhase
  cleared: boolean
  onShowEarlier(): void
}

function EmptyLog({ workspace, phase, cleared, onShowEarlier }: EmptyLogProps) {
  if (workspace.containerId === null) {
    return (
      <EmptyState icon={FileText} title="There is no log yet">
        <p>It begins when the workspace’s container is made.</p>
      </EmptyState>
    )
  }
  if (cleared) {
    return (
      <EmptyState icon={FileText} title="Cleared">
        <p>{phase.kind === 'ended' ? 'The log has ended.' : 'New lines appear here.'}</p>
        <Button icon={Undo2} onClick={onShowEarlier}>
          Show earlier lines
        </Button>
      </EmptyState>
    )
  }
  if (phase.kind === 'reading') return null
  return (
    <EmptyState icon={FileText} title="Nothing was logged">
      <p>{phase.kind === 'ended' ? `${workspace.name} is not running, and its log is empty.` : 'New lines appear here.'}</p>
    </EmptyState>
  )
}

function phaseInWords(phase: LogPhase, { name, containerId }: Workspace): string {
  if (containerId === null) return 'No container'
  switch (phase.kind) {
    case 'reading':
      return 'Reading…'
    case 'following':
      return 'Live'
    case 'ended':
      return `Ended: ${name} is not running`
    case 'failed':
      return 'Not live'
    default:
      return phase satisfies never
  }
}
