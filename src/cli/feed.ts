import type { BerthClient } from '../shared/contract/contract'
import type { BerthEvent } from '../shared/contract/events'
import type { Workspace } from '../shared/workspace'
import { CliError } from './cli-error'
import type { CliContext } from './context'
import { EXIT } from './exit-codes'

/** Everything that changes, from a snapshot on. Throws CONNECTION_LOST when Berth stops telling. */
export async function* readFeed(client: BerthClient, signal: AbortSignal): AsyncGenerator<BerthEvent, never> {
  for await (const event of await client.events.subscribe(undefined, { signal })) yield event
  signal.throwIfAborted()
  throw new CliError('CONNECTION_LOST', 'Berth stopped telling what changes.', { next: 'Run “berth info” to see whether it runs.' })
}

/** The workspaces as they are after an event: the same map, changed. */
export function applyEvent(workspaces: Map<string, Workspace>, event: BerthEvent): void {
  switch (event.type) {
    case 'snapshot':
      workspaces.clear()
      for (const workspace of event.workspaces) workspaces.set(workspace.id, workspace)
      break
    case 'workspace':
      workspaces.set(event.workspace.id, event.workspace)
      break
    case 'workspace-removed':
      workspaces.delete(event.workspaceId)
      break
    default:
  }
}

/** Runs what has no end of its own until Ctrl-C; the exit code is then that of an interrupt. What else ends it is thrown. */
export async function untilInterrupted(context: CliContext, use: (signal: AbortSignal) => Promise<void>): Promise<number> {
  const interrupted = new AbortController()
  const restore = context.onSignal('SIGINT', () => interrupted.abort())
  try {
    await use(interrupted.signal)
  } catch (error) {
    if (!interrupted.signal.aborted) throw error
  } finally {
    restore()
  }
  return interrupted.signal.aborted ? EXIT.interrupted : EXIT.ok
}
