import { HardDrive } from 'lucide-react'
import { Link } from 'wouter'
import { formatBytes } from '../../shared/byte-size'
import { operationTitle } from '../../shared/describe-operation'
import { hasEnded } from '../../shared/operation-state'
import { routes } from '../routes'
import { list, useEngines, useOperations, useStore, useWorkspaces } from '../store/store'
import { formatCount, formatRelative } from '../ui/format'
import { StatusDot } from '../ui/status-dot'
import { Tooltip } from '../ui/tooltip'
import { Truncated } from '../ui/truncated'
import { useNow } from '../ui/use-now'
import { describeEngine, describeEngines, engineDot } from '../workspace-model/engine/describe-engine'
import { OperationProgress } from '../workspace-model/operations/operation-progress'
import { useMeasuredTotal } from '../workspace-model/storage/storage-state'

const ITEM = 'flex h-full min-w-0 items-center gap-1.5 rounded-sm px-2 hover:bg-hover hover:text-ink focus-visible:outline-offset-[-2px]'

/** Engines, counts, what is under way; each opens its screen. */
export function StatusBar() {
  const loaded = useStore((state) => state.loaded)
  return (
    <nav aria-label="Status" className="flex h-6.5 shrink-0 items-center border-line border-t bg-sunken px-1 text-ink-muted text-sm">
      <Engines />
      {loaded && <Counts />}
      {loaded && <Disk />}
      <span className="flex-1" />
      {loaded && <RunningOperations />}
    </nav>
  )
}

/** One as what it is, several as how many of them answer. */
function Engines() {
  const engines = useEngines()
  const [engine] = engines
  if (engine === undefined) return null
  if (engines.length === 1) {
    return (
      <Link href={`${routes.settings}/engine`} aria-label={`Engine: ${describeEngine(engine.state)}`} className={`${ITEM} shrink-0`}>
        <StatusDot state={engineDot(engine.state)} className="scale-75" />
        {describeEngine(engine.state)}
      </Link>
    )
  }
  const { text, dot, away } = describeEngines(engines)
  const label = away.length === 0 ? text : `${text}, not responding: ${away.join(', ')}`
  return (
    <Link href={routes.engines} aria-label={label} className={`${ITEM} shrink-0`}>
      <StatusDot state={dot} className="scale-75" />
      {text}
    </Link>
  )
}

function Counts() {
  const workspaces = useWorkspaces().filter(({ template }) => !template)
  const running = workspaces.filter(({ running }) => running).length
  const failed = workspaces.filter(({ status }) => status === 'error').length
  if (workspaces.length === 0) return null
  return (
    <Link href={routes.home} className={`${ITEM} shrink-0 tabular-nums`}>
      {running} running / {workspaces.length}
      {failed > 0 && (
        <span className="text-bad">
          <span aria-hidden>· </span>
          {formatCount(failed, 'error')}
        </span>
      )}
    </Link>
  )
}

/** Not measured by itself, which would read all files: as it was measured last, and until then only a warning is known. */
function Disk() {
  const total = useMeasuredTotal()
  const now = useNow()
  const warns = useStore((state) => list(state.workspaces).some(({ storageWarning }) => storageWarning !== null))
  return (
    <Tooltip text={total === null ? 'Measure disk use' : `Measured ${formatRelative(total.at, now)}`}>
      <Link href={routes.storage} className={`${ITEM} shrink-0 tabular-nums`}>
        <HardDrive aria-hidden className="size-3" />
        {total === null ? 'disk' : `disk ${formatBytes(total.bytes)}`}
        {warns && <span className="text-warn">nearly full</span>}
      </Link>
    </Tooltip>
  )
}

function RunningOperations() {
  const running = useOperations().filter((operation) => !hasEnded(operation))
  const [latest] = running
  if (latest === undefined) return null
  return (
    <Link href={routes.activity} className={ITEM}>
      <StatusDot state="busy" className="scale-75" />
      <Truncated text={operationTitle(latest)} />
      <span className="shrink-0 tabular-nums empty:hidden">
        <OperationProgress operation={latest} />
      </span>
      {running.length > 1 && <span className="shrink-0 tabular-nums">+{running.length - 1}</span>}
    </Link>
  )
}
