import './logs.css'
import { FileText, Undo2 } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { LogSourceInfo, LogSourceName } from '../../../shared/contract/logs'
import type { Workspace } from '../../../shared/workspace'
import { client } from '../../client'
import { ConnectionLostError } from '../../connection/connection'
import { Button } from '../../ui/button'
import { copyText } from '../../ui/copy-button'
import { EmptyState } from '../../ui/empty-state'
import { isMac } from '../../ui/platform'
import { saveFile } from '../../ui/save-file'
import { ProblemPanel } from '../../workspace-model/problems/problem-panel'
import { reportError } from '../../workspace-model/problems/run-suggested-action'
import type { LogClient } from './log-client'
import { LogList, type LogListHandle } from './log-list'
import { type LogFilter, LogToolbar } from './log-toolbar'
import { useLog, useLogView } from './use-log'
import type { LogPhase, LogView } from './worker/protocol'
import type { LogQuery } from './worker/search-chunk'

const NO_QUERY: LogQuery = { text: '', matchCase: false, isPattern: false }
const NO_FILTER: LogFilter = { leastLevel: 'none', onlyMatching: false }

/** The Logs tab of a workspace: what its container, its services and its making write. */
export function LogsTab({ workspace }: { workspace: Workspace }) {
  const [source, setSource] = useState<LogSourceName>(() => firstSource(workspace))
  const sources = useLogSources(workspace)
  const { log, failure, readAgain } = useLog(workspace, source)
  const isEmpty = useLogView(log, ({ count }) => count === 0) ?? true
  const [follow, setFollow] = useState(true)
  const [wrap, setWrap] = useState(false)
  const [showTime, setShowTime] = useState(false)
  const [query, setQuery] = useState(NO_QUERY)
  const [filter, setFilter] = useState(NO_FILTER)
  const listRef = useRef<LogListHandle>(null)
  const searchRef = useRef<HTMLInputElement>(null)
  const near = () => listRef.current?.firstVisibleNumber() ?? 0

  if (log === null) return failure && <ProblemPanel presentation={failure} className="m-3" />

  function search(next: LogQuery): void {
    setQuery(next)
    log?.request({ kind: 'search', query: next.text === '' ? null : next, near: near() })
  }

  function changeFilter(next: LogFilter): void {
    setFilter(next)
    log?.request({ kind: 'filter', ...next })
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key.toLowerCase() !== 'f' || !(isMac ? event.metaKey : event.ctrlKey) || event.shiftKey || event.altKey) return
    event.preventDefault()
    searchRef.current?.select()
  }

  async function copy(lines: 'visible' | { from: number; to: number }): Promise<void> {
    const text = await log?.text({ lines, withTime: showTime })
    if (text) await copyText(await text.text())
  }

  async function save(lines: 'all' | 'visible'): Promise<void> {
    const text = await log?.text({ lines, withTime: showTime })
    if (text) saveFile(`${workspace.name}${source === 'container' ? '' : `-${source}`}.log`, text)
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only the shortcut of the search, which has a control of its own
    <div className="flex h-full min-h-0 flex-col" onKeyDown={onKeyDown}>
      <LogToolbar
        searchRef={searchRef}
        log={log}
        source={source}
        sources={sources}
        onSource={(next) => {
          setSource(next)
          setFollow(true)
        }}
        query={query}
        onQuery={search}
        onStep={(direction) => {
          setFollow(false)
          log.request({ kind: 'step', direction, near: near() })
        }}
        onLeaveSearch={() => search({ ...query, text: '' })}
        filter={filter}
        onFilter={changeFilter}
        follow={follow}
        onFollow={setFollow}
        wrap={wrap}
        onWrap={setWrap}
        showTime={showTime}
        onShowTime={setShowTime}
        onJump={(time) => {
          setFollow(false)
          setShowTime(true)
          log.request({ kind: 'reveal-time', time })
        }}
        onClear={() => {
          log.request({ kind: 'clear' })
          setFollow(true)
        }}
        onSave={(lines) => void save(lines).catch(reportError)}
        onCopyAll={() => void copy('visible').catch(reportError)}
      />
      {failure && <ProblemPanel presentation={failure} onRetry={readAgain} className="m-3" />}
      {isEmpty ? (
        <div className="log-late flex min-h-0 flex-1 bg-(--terminal-background)">
          {!failure && <EmptyLog workspace={workspace} source={source} log={log} onShowEarlier={readAgain} />}
        </div>
      ) : (
        <LogList
          ref={listRef}
          label={`Log of ${workspace.name}`}
          log={log}
          follow={follow}
          onFollow={setFollow}
          onReveal={() => setFollow(false)}
          wrap={wrap}
          showTime={showTime}
          onCopy={(lines) => void copy(lines).catch(reportError)}
        />
      )}
      <LogFooter log={log} workspace={workspace} source={source} />
    </div>
  )
}

/** While a dev container is being built, and when that has failed, its log is what a person comes for. */
function firstSource({ devcontainerState: { state }, host }: Workspace): LogSourceName {
  if (host !== null) return 'build'
  return state === 'building' || state === 'failed' ? 'devcontainer' : 'container'
}

function LogFooter({ log, workspace, source }: { log: LogClient; workspace: Workspace; source: LogSourceName }) {
  const lines = useLogView(log, countInWords)
  const phase = useLogView(log, (view) => phaseInWords(view.phase, workspace, source))
  const rest = useLogView(log, restInWords)
  return (
    <p className="flex h-6 shrink-0 items-center gap-3 border-line border-t bg-sunken px-3 text-ink-muted text-xs tabular-nums">
      <span className="shrink-0">{lines}</span>
      <span className="shrink-0">{phase}</span>
      <span className="min-w-0 truncate">{rest}</span>
    </p>
  )
}

/** Which logs there are: looked at when the tab is opened, and when the container, or the dev container, starts or stops. */
function useLogSources({ id, containerId, status, devcontainerState: { state } }: Workspace): readonly LogSourceInfo[] {
  const [sources, setSources] = useState<readonly LogSourceInfo[]>([])
  // biome-ignore lint/correctness/useExhaustiveDependencies: they come and go with the container
  useEffect(() => {
    const aborter = new AbortController()
    client.logs.sources({ workspace: id }, { signal: aborter.signal }).then(setSources, (error: unknown) => {
      if (!aborter.signal.aborted && !(error instanceof ConnectionLostError)) reportError(error)
    })
    return () => aborter.abort()
  }, [id, containerId, status, state])
  return sources
}

interface EmptyLogProps {
  workspace: Workspace
  source: LogSourceName
  log: LogClient
  onShowEarlier(): void
}

function EmptyLog({ workspace, source, log, onShowEarlier }: EmptyLogProps) {
  const view = useSyncExternalStore(log.subscribe, log.view)
  if (workspace.containerId === null && workspace.host === null && source !== 'build') {
    return (
      <EmptyState icon={FileText} title="There is no log yet">
        <p>The log starts when the workspace’s container is created.</p>
      </EmptyState>
    )
  }
  if (view.total > 0) {
    return (
      <EmptyState icon={FileText} title="No line is shown">
        <p>None of {view.total.toLocaleString()} lines matches the filter.</p>
      </EmptyState>
    )
  }
  const isOver = view.phase.kind === 'ended'
  if (view.cleared) {
    return (
      <EmptyState icon={FileText} title="Cleared">
        <p>{isOver ? 'The log has ended.' : 'New lines appear here.'}</p>
        <Button icon={Undo2} onClick={onShowEarlier}>
          Show earlier lines
        </Button>
      </EmptyState>
    )
  }
  if (view.phase.kind === 'reading') return null
  return (
    <EmptyState icon={FileText} title="Nothing was logged">
      <p>{isOver ? 'The log is empty.' : 'New lines appear here.'}</p>
    </EmptyState>
  )
}

function countInWords({ count, total }: LogView): string {
  const lines = `${total.toLocaleString()} ${total === 1 ? 'line' : 'lines'}`
  return count === total ? lines : `${count.toLocaleString()} of ${lines}`
}

function phaseInWords(phase: LogPhase, { name, containerId, host }: Workspace, source: LogSourceName): string {
  if (containerId === null && host === null && source !== 'build') return 'No container'
  switch (phase.kind) {
    case 'reading':
      return 'Reading…'
    case 'following':
      return 'Live'
    case 'ended':
      return source === 'build' ? 'Ended' : `Ended: ${name} is not running`
    case 'lost':
    case 'failed':
      return 'Not live'
    default:
      return phase satisfies never
  }
}

function restInWords({ historyCount, dropped, cleared }: LogView): string {
  if (historyCount !== null) return `Reading earlier lines: ${historyCount.toLocaleString()} so far`
  if (dropped > 0) return `${dropped.toLocaleString()} older lines are not kept here`
  return cleared ? 'Earlier lines were cleared from this view' : ''
}
