import { Activity } from 'lucide-react'
import { hasEnded } from '../../../shared/operation-state'
import { useOperations, useStore } from '../../store/store'
import { EmptyState } from '../../ui/empty-state'
import { Screen } from '../../ui/screen'
import { OperationCard } from '../../workspace-model/operations/operation-card'
import { OperationRow } from '../../workspace-model/operations/operation-row'

/** What is being done, and what was. */
export function ActivityScreen() {
  const loaded = useStore((state) => state.loaded)
  const operations = useOperations()
  const running = operations.filter((operation) => !hasEnded(operation))
  const ended = operations.filter(hasEnded)
  return (
    <Screen title="Activity">
      {loaded && operations.length === 0 && (
        <EmptyState icon={Activity} title="No activity yet">
          <p>Everything Berth does with your workspaces is listed here, with its steps and how long they took.</p>
        </EmptyState>
      )}
      {running.length > 0 && (
        <section aria-label="Under way" className="flex flex-col gap-3">
          <h2 className="font-semibold">Under way</h2>
          {running.map((operation) => (
            <OperationCard key={operation.id} operation={operation} heading="h3" />
          ))}
        </section>
      )}
      {ended.length > 0 && (
        <section aria-label="Ended">
          <h2 className="mb-1 border-line border-b pb-1 font-semibold">Ended</h2>
          <ul className="flex flex-col">
            {ended.map((operation) => (
              <li key={operation.id} className="[contain-intrinsic-size:auto_28px] [content-visibility:auto]">
                <OperationRow operation={operation} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </Screen>
  )
}
