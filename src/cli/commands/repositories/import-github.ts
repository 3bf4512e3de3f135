import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { type ConfigurationOptions, givenConfiguration } from '../../options/configuration-options'
import { runAndPrint } from '../../workspace-operation'

export async function importGithub(
  context: CliContext,
  repository: string,
  options: ConfigurationOptions & { name?: string; pr?: number },
): Promise<void> {
  const { name, pr } = options
  const configuration = await givenConfiguration('creation', options, context)
  const input = {
    repository,
    ...(name === undefined ? {} : { name }),
    ...(pr === undefined ? {} : { pullRequest: pr }),
    ...configuration,
  }
  await withConnection(context, ({ client }) => runAndPrint(context, client, () => client.workspaces.importGithub(input)))
}
