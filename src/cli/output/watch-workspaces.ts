import type { BerthClient } from '../../shared/contract/contract'
import type { Workspace } from '../../shared/workspace'
import type { CliContext } from '../context'
import { applyEvent, readFeed, untilInterrupted } from '../feed'
import { workspaceFormat } from './format/workspace-format'
import { createLiveLines } from './live-lines'
import { jsonLine, printLines } from './output'

export interface Watched {
  isListed(workspace: Workspace): boolean
  /** How one is written; null for tables. */
  line: ((workspace: Workspace) => string) | null
  tables(workspaces: readonly Workspace[]): string[]
}

/**
 * The list, drawn again at each change until Ctrl-C. Where nobody watches, and with --json, a line for each workspace, and one more for each change of
 * it.
 */
export function watchWorkspaces(context: CliContext, client: BerthClient, watched: Watched): Promise<number> {
  const isDrawn = context.stdout.isTTY === true && !context.options.json
  return untilInterrupted(context, (signal) => (isDrawn ? drawList : writeChanges)(context, client, watched, signal))
}

async function drawList(context: CliContext, client: BerthClient, { isListed, line, tables }: Watched, signal: AbortSignal): Promise<void> {
  const workspaces = new Map<string, Workspace>()
  const live = createLiveLines(context.stdout)
  for await (const event of readFeed(client, signal)) {
    applyEvent(workspaces, event)
    const listed = [...workspaces.values()].filter(isListed).toSorted((one, other) => one.name.localeCompare(other.name))
    const lines = line === null ? tables(listed) : listed.map(line)
    live.draw(lines.length === 0 ? ['No workspaces yet.'] : lines)
  }
}

async function writeChanges(context: CliContext, client: BerthClient, { isListed, line }: Watched, signal: AbortSignal): Promise<void> {
  const write = line ?? workspaceFormat('{name} {status}')
  const workspaces = new Map<string, Workspace>()
  const written = new Map<string, string>()
  for await (const event of readFeed(client, signal)) {
    const before = new Map(workspaces)
    applyEvent(workspaces, event)
    for (const workspace of [...workspaces.values()].filter(isListed)) {
      const text = context.options.json ? jsonLine(workspace).trimEnd() : write(workspace)
      if (written.get(workspace.id) === text) continue
      written.set(workspace.id, text)
      printLines(context, [text])
    }
    for (const [id, workspace] of before) {
      if (workspaces.has(id) || !written.delete(id)) continue
      printLines(context, [context.options.json ? jsonLine({ deleted: workspace.name, id }).trimEnd() : `${workspace.name} deleted`])
    }
  }
}
