import { Network, Plus, Server } from 'lucide-react'
import { go, routes } from '../../routes'
import { openDialog } from '../../store/dialogs'
import { useEngines, useSwarms } from '../../store/store'
import { Button } from '../../ui/button'
import { EmptyState } from '../../ui/empty-state'
import { Screen } from '../../ui/screen'
import { Skeleton } from '../../ui/skeleton'
import { managesUnused } from '../../workspace-model/engine/placement'
import { EngineDetails } from './engine-details'
import { EngineList } from './engine-list'
import { SwarmDetails } from './swarm-details'

/** The engines and Swarms that Berth uses on the left; one of them on the right. `part` is the name of that. */
export function EnginesScreen({ part }: { part: string | undefined }) {
  const engines = useEngines()
  const swarms = useSwarms()
  const shown = part === undefined ? engines[0] : engines.find(({ name }) => name === part)
  const swarm = part === undefined ? undefined : swarms.find(({ name }) => name === part)
  const offersSwarm = engines.some((engine) => managesUnused(engine, swarms))
  return (
    <Screen
      title="Engines"
      fills
      actions={
        <>
          {offersSwarm && (
            <Button icon={Network} onClick={() => openDialog({ kind: 'use-swarm' })}>
              Use a Swarm…
            </Button>
          )}
          <Button icon={Plus} variant="primary" onClick={() => openDialog({ kind: 'add-engine' })}>
            Add engine…
          </Button>
        </>
      }
    >
      <div className="flex min-h-0 flex-1 max-sm:flex-col">
        <EngineList engines={engines} swarms={swarms} shownId={(shown ?? swarm)?.id} />
        <div className="flex min-h-0 min-w-0 flex-1 flex-col overflow-y-auto">
          {shown !== undefined ? (
            <EngineDetails key={shown.id} engine={shown} />
          ) : swarm !== undefined ? (
            <SwarmDetails key={swarm.id} swarm={swarm} />
          ) : engines.length === 0 ? (
            <Skeleton className="m-5 h-40" />
          ) : (
            <EmptyState icon={Server} title={`Berth uses no engine or Swarm “${part}”`}>
              <Button onClick={() => go(routes.engines)}>Show the local one</Button>
            </EmptyState>
          )}
        </div>
      </div>
    </Screen>
  )
}
