import type { BerthEvent } from '../../../shared/contract/events'
import type { Operation } from '../../../shared/operation'
import { hasEnded } from '../../../shared/operation-state'
import type { Workspace } from '../../../shared/workspace'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { applyEvent, readFeed, untilInterrupted } from '../../feed'
import { oneLine } from '../../output/format/plain-text'
import { jsonLine, writeAll } from '../../output/output'

export interface EventOptions {
  /** Only what is about this workspace. */
  workspace?: string
}

/** What changes from now on, a line each, until Ctrl-C. */
export async function showEvents(context: CliContext, { workspace: reference }: EventOptions): Promise<number> {
  return withConnection(context, async ({ client }) => {
    const only = reference === undefined ? null : (await client.workspaces.get({ workspace: reference })).id
    const workspaces = new Map<string, Workspace>()
    return untilInterrupted(context, async (signal) => {
      let last = ''
      for await (const event of readFeed(client, signal)) {
        const removed = event.type === 'workspace-removed' ? workspaces.get(event.workspaceId)?.name : undefined
        applyEvent(workspaces, event)
        if (event.type === 'snapshot' || (only !== null && workspaceOf(event) !== only)) continue
        const text = eventText(event, (id) => workspaces.get(id)?.name ?? removed ?? id)
        // An operation tells of each byte; what a line says of it is the same.
        if (!context.options.json && text === last) continue
        last = text
        const time = new Date().toISOString()
        await writeAll(context.stdout, context.options.json ? jsonLine({ time, ...event }) : `${time} ${oneLine(text)}\n`)
        if (event.type === 'workspace-removed' && event.workspaceId === only) return
      }
    })
  })
}

/** The id of the workspace that an event is about; null for others. */
function workspaceOf(event: BerthEvent): string | null {
  switch (event.type) {
    case 'workspace':
      return event.workspace.id
    case 'workspace-removed':
      return event.workspaceId
    case 'operation':
      return event.operation.workspaceId
    case 'snapshot-changed':
      return event.snapshot.workspaceId
    case 'terminal':
      return event.terminal.workspaceId
    case 'terminal-layout':
      return event.layout.workspaceId
    case 'ports':
      return event.ports.workspaceId
    default:
      return null
  }
}

function eventText(event: BerthEvent, nameOf: (workspaceId: string) => string): string {
  switch (event.type) {
    case 'snapshot':
      return ''
    case 'workspace':
      return `workspace ${event.workspace.name} ${event.workspace.status}${event.workspace.statusDetail === null ? '' : `: ${event.workspace.statusDetail}`}`
    case 'workspace-removed':
      return `workspace ${nameOf(event.workspaceId)} deleted`
    case 'operation':
      return operationText(event.operation)
    case 'engine':
      return `engine ${event.engine.name} ${event.engine.state.status}`
    case 'engine-removed':
      return `engine ${event.engineId} removed`
    case 'snapshot-changed':
      return `snapshot ${event.snapshot.name} of ${nameOf(event.snapshot.workspaceId)}`
    case 'snapshot-removed':
      return `snapshot ${event.snapshotId} removed`
    case 'terminal':
      return `terminal ${event.terminal.id} of ${nameOf(event.terminal.workspaceId ?? '')}`
    case 'terminal-removed':
      return `terminal ${event.sessionId} closed`
    case 'terminal-layout':
      return `terminals of ${nameOf(event.layout.workspaceId)} arranged`
    case 'ports':
      return `ports of ${nameOf(event.ports.workspaceId)}`
    case 'adoptable':
      return `adoptable ${event.adoptable.name}`
    case 'adoptable-removed':
      return `adoptable ${event.containerId} gone`
    case 'swarms':
    case 'damaged-files':
    case 'settings':
    case 'library':
      return `${event.type} changed`
    default:
      return event satisfies never
  }
}

function operationText(operation: Operation): string {
  const { kind, workspaceName, status, steps, id } = operation
  const step = hasEnded(operation) ? undefined : steps.find((one) => one.status === 'running')
  return `operation ${kind} ${workspaceName ?? id} ${status}${step === undefined ? '' : `: ${step.title}`}`
}
