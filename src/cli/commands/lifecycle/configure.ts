import { usageError } from '../../cli-error'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { type ConfigurationOptions, givenConfiguration } from '../../options/configuration-options'
import { printWorkspace } from '../../output/print-workspace'

export async function configureWorkspace(context: CliContext, reference: string, options: ConfigurationOptions): Promise<void> {
  const change = await givenConfiguration('change', options, context)
  if (Object.keys(change).length === 0) {
    throw usageError('Nothing to change.', `Give an option, such as “berth configure ${reference} --label 'TEXT'”.`)
  }
  await withConnection(context, async ({ client }) => {
    const workspace = await client.workspaces.update({ workspace: reference, ...change })
    printWorkspace(context, workspace, `${workspace.name} has changed: ${Object.keys(change).join(', ')}`)
  })
}
