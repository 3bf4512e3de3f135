import type { BerthEvent } from '../../shared/contract/events'
import type { SwarmView } from '../../shared/contract/swarms'
import type { Operation } from '../../shared/operation'
import { hasEnded } from '../../shared/operation-state'
import type { WorkspacePorts } from '../../shared/port-forward'
import { client, connectionState, onConnectionState } from '../client'
import { ConnectionLostError } from '../connection/connection'
import { reduce } from './reducer'
import { useStore } from './store'

/** Before it subscribes again when Berth ended the subscription itself. */
const RESUBSCRIBE_DELAY_MS = 1000

interface FeedListeners {
  /** An operation that was seen running has ended. */
  onOperationEnd(operation: Operation): void
  /** What listens in a workspace, or is forwarded, has changed. */
  onPorts(before: WorkspacePorts | undefined, after: WorkspacePorts): void
  /** The Swarms, or something about their nodes, have changed since they were last known. */
  onSwarms(before: readonly SwarmView[], after: readonly SwarmView[]): void
  /** The subscription failed though the connection stands. */
  onError(error: unknown): void
}

/** Keeps the store equal to what Berth says, for as long as the page lives. */
export async function runFeed(listeners: FeedListeners): Promise<never> {
  useStore.setState({ connection: connectionState() })
  onConnectionState((connection) => useStore.setState({ connection }))
  for (;;) {
    await connectionIsOpen()
    try {
      await subscribe(listeners)
    } catch (error) {
      reportUnlessLost(error, listeners)
    }
    if (connectionState().status === 'open') await new Promise((resolve) => setTimeout(resolve, RESUBSCRIBE_DELAY_MS))
  }
}

async function subscribe(listeners: FeedListeners): Promise<void> {
  // The list does not wait for what is known of this Berth, nor is that asked for after it.
  const subscribed = client.events.subscribe()
  void readSystem(listeners)
  const events = await subscribed
  for await (const event of events) apply(event, listeners)
}

async function readSystem(listeners: FeedListeners): Promise<void> {
  try {
    const [system, sshConfig] = await Promise.all([client.system.info(), client.sshConfig.status()])
    useStore.setState({ system, sshConfig })
  } catch (error) {
    // Asked again with the next subscription.
    reportUnlessLost(error, listeners)
  }
}

/** A lost connection is told by its own bar. */
function reportUnlessLost(error: unknown, { onError }: FeedListeners): void {
  if (!(error instanceof ConnectionLostError) && connectionState().status === 'open') onError(error)
}

function apply(event: BerthEvent, { onOperationEnd, onPorts, onSwarms }: FeedListeners): void {
  const before = useStore.getState()
  const after = reduce(before, event)
  useStore.setState(event.type === 'snapshot' ? { ...after, loaded: true } : after)
  if (event.type === 'ports') onPorts(before.ports[event.ports.workspaceId], event.ports)
  if (before.swarms !== after.swarms && before.loaded) onSwarms(before.swarms, after.swarms)
  for (const operation of changedOperations(event)) {
    const known = before.operations.byId[operation.id]
    if (hasEnded(operation) && known !== undefined && !hasEnded(known)) onOperationEnd(operation)
  }
}

/** A snapshot after a lost connection tells of what ended meanwhile. */
function changedOperations(event: BerthEvent): Operation[] {
  if (event.type === 'snapshot') return event.operations
  return event.type === 'operation' ? [event.operation] : []
}

function connectionIsOpen(): Promise<void> {
  return new Promise((resolve) => {
    if (connectionState().status === 'open') {
      resolve()
      return
    }
    const end = onConnectionState(({ status }) => {
      if (status !== 'open') return
      end()
      resolve()
    })
  })
}
