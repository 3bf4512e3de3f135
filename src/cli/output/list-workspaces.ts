import { withConnection } from '../connection/connection'
import type { CliContext } from '../context'
import { paintFor } from './format/paint'
import { templateTable, workspaceTable } from './format/workspace-lines'
import { printJson, printLines, remark } from './output'

/** Templates are listed apart: most of what can be done with a workspace cannot be done with one. */
export async function listWorkspaces(context: CliContext, options: { templates?: boolean }): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const all = await client.workspaces.list()
    const templates = all.filter(({ template }) => template)
    const workspaces = options.templates === true ? [] : all.filter(({ template }) => !template)
    if (context.options.json) return printJson(context, options.templates === true ? templates : all)
    if (context.options.quiet) {
      const names = (options.templates === true ? templates : workspaces).map(({ name }) => name)
      return printLines(context, names)
    }
    const paint = paintFor(context.stdout, context.env)
    if (workspaces.length > 0) printLines(context, workspaceTable(workspaces, Date.now(), paint))
    else if (options.templates !== true) remark(context, 'No workspaces yet. “berth start NAME” makes one.')
    else if (templates.length === 0) remark(context, 'No templates yet. “berth template set NAME” makes a workspace one.')
    if (workspaces.length > 0 && templates.length > 0) printLines(context, [''])
    if (templates.length > 0) printLines(context, templateTable(templates, Date.now(), paint))
  })
}
