import type { BerthClient } from '../../shared/contract/contract'
import { placedWorkspaces } from '../../shared/swarm-remarks'
import type { Workspace } from '../../shared/workspace'
import { usageError } from '../cli-error'
import { withConnection } from '../connection/connection'
import type { CliContext } from '../context'
import type { EngineOption } from '../options/shared-options'
import { paintFor } from './format/paint'
import { workspaceFormat } from './format/workspace-format'
import { templateTable, workspaceTable } from './format/workspace-lines'
import { printJson, printLines, remark } from './output'
import { watchWorkspaces } from './watch-workspaces'

export interface ListOptions extends EngineOption {
  templates?: boolean
  /** Such as “{name} {status}”: a line for each. */
  format?: string
  watch?: boolean
}

/** Which workspaces are listed, and what their tables say. */
interface Shown {
  has(workspace: Workspace): boolean
  /** Of the one engine or Swarm whose workspaces these are. */
  placeName: string | null
  withEngine: boolean
}

/** Templates are listed apart: most of what can be done with a workspace cannot be done with one. */
export async function listWorkspaces(context: CliContext, options: ListOptions): Promise<number> {
  const { format, templates: only = false, watch = false } = options
  if (format !== undefined && context.options.json)
    throw usageError('--format and --json exclude each other.', 'Give the one or the other.')
  const line = format === undefined ? (context.options.quiet ? workspaceFormat('{name}') : null) : workspaceFormat(format)
  return withConnection(context, async ({ client }) => {
    const shown = await whatIsShown(client, options)
    const isListed = (workspace: Workspace) => shown.has(workspace) && (!only || workspace.template)
    if (watch) {
      const tables = (all: readonly Workspace[]) => tableLines(context, all, shown)
      return watchWorkspaces(context, client, { isListed, line, tables })
    }
    const all = (await client.workspaces.list()).filter(isListed)
    if (context.options.json) printJson(context, all)
    else if (line !== null) printLines(context, (only ? all : all.filter(({ template }) => !template)).map(line))
    else {
      tellOfNone(context, all, shown, only)
      printLines(context, tableLines(context, all, shown))
    }
    return 0
  })
}

function tellOfNone(context: CliContext, all: readonly Workspace[], { placeName }: Shown, only: boolean): void {
  const there = placeName === null ? '' : ` on ${placeName}`
  if (only && all.length === 0) remark(context, `No templates${there} yet. “berth template set NAME” makes a workspace one.`)
  if (!only && all.every(({ template }) => template))
    remark(context, `No workspaces${there} yet. “berth start NAME${there && ` --engine ${placeName}`}” makes one.`)
}

function tableLines(context: CliContext, all: readonly Workspace[], { withEngine }: Shown): string[] {
  const paint = paintFor(context.stdout, context.env)
  const [workspaces, templates] = [all.filter(({ template }) => !template), all.filter(({ template }) => template)]
  return [
    ...(workspaces.length > 0 ? workspaceTable(workspaces, Date.now(), paint, { withEngine }) : []),
    ...(workspaces.length > 0 && templates.length > 0 ? [''] : []),
    ...(templates.length > 0 ? templateTable(templates, Date.now(), paint, { withEngine }) : []),
  ]
}

/** All workspaces, or those of one engine or Swarm. Which engine each is on is shown where more than one is used. */
async function whatIsShown(client: BerthClient, { engine: reference }: EngineOption): Promise<Shown> {
  const [engines, only] = await Promise.all([client.engines.list(), reference === undefined ? null : placeOf(client, reference)])
  return { has: only?.has ?? (() => true), placeName: only?.name ?? null, withEngine: engines.length > 1 }
}

/** An engine, or a Swarm: then all that it has placed. */
async function placeOf(client: BerthClient, reference: string): Promise<{ name: string; has(workspace: Workspace): boolean }> {
  const swarm = (await client.swarms.list()).find(({ id, name }) => id === reference || name === reference)
  if (swarm !== undefined) {
    const placed = new Set(placedWorkspaces(swarm))
    return { name: swarm.name, has: (workspace) => placed.has(workspace.name) }
  }
  const { name } = await client.engines.get({ engine: reference })
  return { name, has: ({ engine }) => engine === name }
}
