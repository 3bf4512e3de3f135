import type { Adoptable } from '../../../shared/adoptable'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperation } from '../../operations'
import { type Paint, paintFor } from '../../output/format/paint'
import { formatTable } from '../../output/format/table'
import { printJson, printLines, remark } from '../../output/output'
import { printWorkspace } from '../../output/print-workspace'

export interface AdoptOptions {
  stop?: boolean
  start: boolean
}

/** Without a name: lists what could be adopted. */
export async function adoptWorkspace(context: CliContext, name: string | undefined, options: AdoptOptions): Promise<void> {
  if (name === undefined) return listAdoptable(context)
  await withConnection(context, async ({ client }) => {
    const { workspaceId } = await runOperation(context, client, async () => {
      const { operation } = await client.workspaces.adopt({ name, stop: options.stop === true, start: options.start })
      return operation
    })
    const workspace = await client.workspaces.get({ workspace: workspaceId ?? name })
    printWorkspace(context, workspace, `${workspace.name} is a workspace of Berth’s`)
  })
}

async function listAdoptable(context: CliContext): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const [found, engines] = await Promise.all([client.workspaces.adoptable(), client.engines.list()])
    if (context.options.json) return printJson(context, found)
    if (context.options.quiet)
      return printLines(
        context,
        found.map(({ name }) => name),
      )
    if (found.length === 0)
      return remark(context, `The ${engines.length > 1 ? 'engines have' : 'engine has'} no workspaces of other tools.`)
    printLines(context, adoptableTable(found, engines.length > 1, paintFor(context.stdout, context.env)))
  })
}

/** The engine is shown where there are several. */
function adoptableTable(found: readonly Adoptable[], withEngine: boolean, paint: Paint): string[] {
  const rows = found.map(({ name, from, engine, status, sshPort, obstacle }) => [
    name,
    from === 'perry' ? 'Perry' : 'another Berth',
    ...(withEngine ? [engine] : []),
    status,
    sshPort === null ? '' : String(sshPort),
    obstacle ?? '',
  ])
  return formatTable(
    [['NAME', 'FROM', ...(withEngine ? ['ENGINE'] : []), 'STATUS', 'SSH', 'OBSTACLE'], ...rows],
    (text, row) => (row === 0 ? paint('dim', text) : text),
    { columns: paint.columns, spare: ['SSH', 'FROM'] },
  )
}
