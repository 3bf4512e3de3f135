import type { BerthEvent } from '../../shared/contract/events'
import type { Operation } from '../../shared/operation'
import { hasEnded } from '../../shared/operation-state'
import type { ApiServices } from './api-services'

/**
 * Everything as it is, then every change. A reader that is slow gets the latest state of each thing and not each state in
 * between, so that what waits for it never grows beyond the number of things.
 */
export async function* eventStream(core: Pick<ApiServices, 'events'>, signal: AbortSignal | undefined): AsyncGenerator<BerthEvent> {
  const waiting = new Map<string, BerthEvent>()
  const bell = createBell(signal)
  const unsubscribe = core.events.subscribe((event) => {
    const key = keyOf(event)
    // Taken out first, so that the order is that of the last changes.
    waiting.delete(key)
    waiting.set(key, event)
    bell.ring()
  })
  try {
    yield core.events.snapshot()
    while (!signal?.aborted) {
      const events = [...waiting.values()]
      waiting.clear()
      yield* events
      if (waiting.size === 0) await bell.wait()
    }
  } finally {
    unsubscribe()
    bell.close()
  }
}

/** The operation now, at each change (the latest, for a slow reader) and at its end. */
export async function* watchOperation(
  core: Pick<ApiServices, 'operations'>,
  operationId: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Operation> {
  const bell = createBell(signal)
  const unsubscribe = core.operations.onChange((operation) => {
    if (operation.id === operationId) bell.ring()
  })
  try {
    for (;;) {
      const operation = core.operations.get(operationId)
      yield operation
      if (hasEnded(operation) || signal?.aborted) return
      if (core.operations.get(operationId) === operation) await bell.wait()
    }
  } finally {
    unsubscribe()
    bell.close()
  }
}

/** Things with the same key replace each other: a workspace and its removal, an operation and its later state. */
function keyOf(event: BerthEvent): string {
  switch (event.type) {
    case 'workspace':
      return `workspace ${event.workspace.id}`
    case 'workspace-removed':
      return `workspace ${event.workspaceId}`
    case 'operation':
      return `operation ${event.operation.id}`
    case 'terminal':
      return `terminal ${event.terminal.id}`
    case 'terminal-removed':
      return `terminal ${event.sessionId}`
    case 'snapshot-changed':
      return `snapshot ${event.snapshot.id}`
    case 'snapshot-removed':
      return `snapshot ${event.snapshotId}`
    case 'terminal-layout':
      return `terminal-layout ${event.layout.workspaceId}`
    case 'ports':
      return `ports ${event.ports.workspaceId}`
    case 'adoptable':
      return `adoptable ${event.adoptable.containerId}`
    case 'adoptable-removed':
      return `adoptable ${event.containerId}`
    case 'engine':
      return `engine ${event.engine.id}`
    case 'engine-removed':
      return `engine ${event.engineId}`
    case 'snapshot':
    case 'swarms':
    case 'settings':
    case 'damaged-files':
    case 'library':
      return event.type
    default:
      return event satisfies never
  }
}

/** Lets one waiter sleep until it is rung or the signal is aborted. A ring without a waiter is not lost. */
function createBell(signal: AbortSignal | undefined) {
  let rung = false
  let wake: (() => void) | null = null
  const ring = () => {
    rung = true
    wake?.()
  }
  signal?.addEventListener('abort', ring, { once: true })
  return {
    ring,
    async wait(): Promise<void> {
      if (!rung) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      rung = false
      wake = null
    },
    close: () => signal?.removeEventListener('abort', ring),
  }
}
