import type { BerthClient } from '../../shared/contract/contract'
import { placedWorkspaces } from '../../shared/swarm-remarks'
import type { Workspace } from '../../shared/workspace'
import { withConnection } from '../connection/connection'
import type { CliContext } from '../context'
import type { EngineOption } from '../options/shared-options'
import { paintFor } from './format/paint'
import { templateTable, workspaceTable } from './format/workspace-lines'
import { printJson, printLines, remark } from './output'

export interface ListOptions extends EngineOption {
  templates?: boolean
}

/** Templates are listed apart: most of what can be done with a workspace cannot be done with one. */
export async function listWorkspaces(context: CliContext, options: ListOptions): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const { all, engineName, withEngine } = await whatThereIs(client, options)
    const templates = all.filter(({ template }) => template)
    const workspaces = options.templates === true ? [] : all.filter(({ template }) => !template)
    if (context.options.json) return printJson(context, options.templates === true ? templates : all)
    if (context.options.quiet) {
      const names = (options.templates === true ? templates : workspaces).map(({ name }) => name)
      return printLines(context, names)
    }
    const paint = paintFor(context.stdout, context.env)
    const there = engineName === null ? '' : ` on ${engineName}`
    if (workspaces.length > 0) printLines(context, workspaceTable(workspaces, Date.now(), paint, { withEngine }))
    else if (options.templates !== true)
      remark(context, `No workspaces${there} yet. “berth start NAME${there && ` --engine ${engineName}`}” makes one.`)
    else if (templates.length === 0) remark(context, `No templates${there} yet. “berth template set NAME” makes a workspace one.`)
    if (workspaces.length > 0 && templates.length > 0) printLines(context, [''])
    if (templates.length > 0) printLines(context, templateTable(templates, Date.now(), paint, { withEngine }))
  })
}

/** All workspaces, or those of one engine or Swarm. Which engine each is on is shown where more than one is used. */
async function whatThereIs(client: BerthClient, { engine: reference }: EngineOption) {
  const [all, engines, only] = await Promise.all([
    client.workspaces.list(),
    client.engines.list(),
    reference === undefined ? null : placeOf(client, reference),
  ])
  return { all: only === null ? all : all.filter(only.has), engineName: only?.name ?? null, withEngine: engines.length > 1 }
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
