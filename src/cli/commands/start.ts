import type { Workspace } from '../../shared/workspace'
import { withConnection } from '../connection'
import type { CliContext } from '../context'
import { oneLine } from '../format/plain-text'
import { runOperation } from '../operations'
import { printJson, printLines } from '../output'
import { type CreationOptions, creationInput } from './creation-input'

/** `start` and `create`: they differ in what they make of a name that is taken. */
export async function startWorkspace(
  context: CliContext,
  procedure: 'start' | 'create',
  name: string,
  options: CreationOptions,
): Promise<void> {
  const input = creationInput(name, options, context.env)
  await withConnection(context, async ({ client }) => {
    let id = name
    await runOperation(context, client, async () => {
      const { operation, workspace } = await client.workspaces[procedure](input)
      id = workspace.id
      return operation
    })
    printWorkspace(context, await client.workspaces.get({ workspace: id }))
  })
}

function printWorkspace(context: CliContext, workspace: Workspace): void {
  if (context.options.json) printJson(context, workspace)
  else if (context.options.quiet) printLines(context, [workspace.name])
  else {
    const ssh = workspace.ports.ssh === null ? '' : `, ssh on port ${workspace.ports.ssh}`
    printLines(context, [`${workspace.name} is ${workspace.status}${ssh}`])
    if (workspace.problem !== null) printLines(context, [oneLine(workspace.problem.message), oneLine(workspace.problem.next)])
  }
}
