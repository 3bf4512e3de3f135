import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { runOperation } from '../../operations'
import { type ConfigurationOptions, givenConfiguration } from '../../options/configuration-options'
import { printWorkspace } from '../../output/print-workspace'

export async function importGithub(
  context: CliContext,
  repository: string,
  options: ConfigurationOptions & { name?: string; pr?: number },
): Promise<void> {
  const { name, pr } = options
  const configuration = await givenConfiguration('creation', options, context)
  await withConnection(context, async ({ client }) => {
    let id = ''
    await runOperation(context, client, async () => {
      const { operation, workspace } = await client.workspaces.importGithub({
        repository,
        ...(name === undefined ? {} : { name }),
        ...(pr === undefined ? {} : { pullRequest: pr }),
        ...configuration,
      })
      id = workspace.id
      return operation
    })
    printWorkspace(context, await client.workspaces.get({ workspace: id }))
  })
}
