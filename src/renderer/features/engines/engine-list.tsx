import { Box } from 'lucide-react'
import { Link } from 'wouter'
import type { EngineView } from '../../../shared/contract/engines'
import type { SwarmView } from '../../../shared/contract/swarms'
import { placedWorkspaces } from '../../../shared/swarm-remarks'
import { routes } from '../../routes'
import { useWorkspaces } from '../../store/store'
import { classNames } from '../../ui/class-names'
import { formatCount } from '../../ui/format'
import { Skeleton } from '../../ui/skeleton'
import { type DotState, StatusDot } from '../../ui/status-dot'
import { Truncated } from '../../ui/truncated'
import { describeOneEngine, engineDot } from '../../workspace-model/engine/describe-engine'
import { describeSwarm } from '../../workspace-model/engine/placement'
import { swarmDot } from './swarm-words'

interface EngineListProps {
  /** None before they are known. */
  engines: readonly EngineView[]
  swarms: readonly SwarmView[]
  shownId: string | undefined
}

/** Each with its state, what it is and how many workspaces it has. */
export function EngineList({ engines, swarms, shownId }: EngineListProps) {
  const workspaces = useWorkspaces()
  return (
    <nav
      aria-label="Engines"
      className="w-44 shrink-0 overflow-y-auto border-line border-r p-2 max-sm:max-h-48 max-sm:w-full max-sm:border-r-0 max-sm:border-b min-[900px]:w-64"
    >
      {engines.length === 0 && <Skeleton className="h-12" />}
      <ul className="flex flex-col">
        {engines.map((engine) => (
          <li key={engine.id}>
            <EngineRow
              engine={engine}
              count={workspaces.filter((workspace) => workspace.engine === engine.name).length}
              isShown={engine.id === shownId}
            />
          </li>
        ))}
      </ul>
      {swarms.length > 0 && (
        <section aria-labelledby="swarms">
          <h2 id="swarms" className="px-2 pt-4 pb-1 font-semibold text-ink-muted text-sm">
            Swarms
          </h2>
          <ul className="flex flex-col">
            {swarms.map((swarm) => (
              <li key={swarm.id}>
                <PlaceRow
                  name={swarm.name}
                  isDefault={swarm.isDefault}
                  dot={swarmDot(swarm)}
                  what={describeSwarm(swarm)}
                  count={placedWorkspaces(swarm).length}
                  isShown={swarm.id === shownId}
                />
              </li>
            ))}
          </ul>
        </section>
      )}
    </nav>
  )
}

function EngineRow({ engine: { name, isDefault, state }, ...row }: { engine: EngineView; count: number; isShown: boolean }) {
  // Without what a distribution adds to it: “20.10.24+dfsg1”.
  const [what = ''] = describeOneEngine(state).split('+')
  return <PlaceRow name={name} isDefault={isDefault} dot={engineDot(state)} what={what} {...row} />
}

interface PlaceRowProps {
  name: string
  isDefault: boolean
  dot: DotState
  /** What it is, or why nothing can be done there. */
  what: string
  /** How many workspaces are there. */
  count: number
  isShown: boolean
}

function PlaceRow({ name, isDefault, dot, what, count, isShown }: PlaceRowProps) {
  return (
    <Link
      href={routes.engine(name)}
      aria-current={isShown ? 'page' : undefined}
      className={classNames(
        'flex h-12 items-center gap-2 rounded-md px-2 focus-visible:-outline-offset-2',
        isShown ? 'bg-selected' : 'hover:bg-hover',
      )}
    >
      <StatusDot state={dot} />
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          <Truncated text={name} className="flex-1 font-medium" />
          {isDefault && <span className="shrink-0 text-ink-muted text-sm">default</span>}
        </span>
        <span className="flex items-center gap-2 text-ink-muted text-sm">
          <Truncated text={what} className="flex-1" />
          <span className="flex shrink-0 items-center gap-1 tabular-nums">
            <Box aria-hidden className="size-3" />
            <span aria-hidden>{count}</span>
            <span className="sr-only">{formatCount(count, 'workspace')}</span>
          </span>
        </span>
      </span>
    </Link>
  )
}
