import { Plus, Server } from 'lucide-react'
import { go, routes } from '../../routes'
import { openDialog } from '../../store/dialogs'
import { useEngines } from '../../store/store'
import { Button } from '../../ui/button'
import { EmptyState } from '../../ui/empty-state'
import { Screen } from '../../ui/screen'
import { Skeleton } from '../../ui/skeleton'
import { EngineDetails } from './engine-details'
import { EngineList } from './engine-list'

/** The engines that Berth uses on the left; one of them on the right. `part` is the name of that. */
export function EnginesScreen({ part }: { part: string | undefined }) {
  const engines = useEngines()
  const shown = part === undefined ? engines[0] : engines.find(({ name }) => name === part)
  return (
    <Screen
      title="Engines"
      fills
      actions={
        <Button icon={Plus} variant="primary" onClick={() => openDialog({ kind: 'add-engine' })}>
          Add engine…
        </Button>
      }
    >
      <div className="flex min-h-0 flex-1">
        <EngineList engines={engines} shownId={shown?.id} />
        <div className="flex min-h-0 min-w-0 flex-1 flex-col overflow-y-auto">
          {shown !== undefined ? (
            <EngineDetails key={shown.id} engine={shown} />
          ) : engines.length === 0 ? (
            <Skeleton className="m-5 h-40" />
          ) : (
            <EmptyState icon={Server} title={`Berth uses no engine “${part}”`}>
              <Button onClick={() => go(routes.engines)}>Show the local one</Button>
            </EmptyState>
          )}
        </div>
      </div>
    </Screen>
  )
}
