import { withConnection } from '../connection'
import type { CliContext } from '../context'
import { paintFor } from '../format/paint'
import { workspaceTable } from '../format/workspace-lines'
import { printJson, printLines, remark } from '../output'

export async function listWorkspaces(context: CliContext): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const workspaces = await client.workspaces.list()
    if (context.options.json) printJson(context, workspaces)
    else if (context.options.quiet)
      printLines(
        context,
        workspaces.map(({ name }) => name),
      )
    else if (workspaces.length === 0) remark(context, 'No workspaces yet. “berth start NAME” makes one.')
    else printLines(context, workspaceTable(workspaces, Date.now(), paintFor(context.stdout, context.env)))
  })
}
