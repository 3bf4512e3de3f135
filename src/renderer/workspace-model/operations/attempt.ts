import { reportError, type WaysOn } from '../problems/run-suggested-action'
import { notifyWhenDone, type Outcome } from './operation-notices'

/** Begins an operation; tells of it if it cannot be begun, and of its end. What comes of it comes with the events. */
export function attempt(
  call: () => Promise<{ operation: { id: string } }>,
  waysOn: WaysOn & { outcome?: () => Outcome | null } = {},
): void {
  const again = () => attempt(call, waysOn)
  call().then(
    ({ operation }) => notifyWhenDone(operation.id, { again, edit: waysOn.onEdit, outcome: waysOn.outcome }),
    (error: unknown) => reportError(error, again, waysOn),
  )
}
