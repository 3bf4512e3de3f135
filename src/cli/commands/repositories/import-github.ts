import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { type ConfigurationOptions, givenConfiguration } from '../../options/configuration-options'
import { givenPlacement, type PlacementOptions } from '../../options/shared-options'
import { runAndPrint } from '../../workspace-operation'

export interface GithubImportOptions extends ConfigurationOptions, PlacementOptions {
  name?: string
  /** Number of a pull request. */
  pr?: number
}

export async function importGithub(context: CliContext, repository: string, options: GithubImportOptions): Promise<void> {
  const { name, pr } = options
  const configuration = await givenConfiguration('creation', options, context)
  const input = {
    repository,
    ...(name === undefined ? {} : { name }),
    ...(pr === undefined ? {} : { pullRequest: pr }),
    ...configuration,
    ...givenPlacement(options),
  }
  await withConnection(context, ({ client }) => runAndPrint(context, client, () => client.workspaces.importGithub(input)))
}
