import type { RepositoryStatus } from '../../../shared/repository-status'
import { withConnection } from '../../connection/connection'
import type { CliContext } from '../../context'
import { formatTable } from '../../output/format/table'
import { printJson, printLines } from '../../output/output'

/** The branch and the changes of each repository in a workspace. */
export async function listRepositories(context: CliContext, workspace: string): Promise<void> {
  await withConnection(context, async ({ client }) => {
    const repositories = await client.workspaces.repositories({ workspace })
    if (context.options.json) return printJson(context, repositories)
    if (repositories.length === 0) return printLines(context, [`${workspace} has no repository.`])
    const rows = repositories.map((repository) => [
      repository.path,
      repository.branch ?? repository.commit?.slice(0, 12) ?? '-',
      repository.upstream ?? '-',
      distance(repository),
      String(repository.changedFiles),
    ])
    printLines(context, formatTable([['PATH', 'BRANCH', 'UPSTREAM', 'AHEAD/BEHIND', 'CHANGED'], ...rows]))
  })
}

function distance({ ahead, behind }: RepositoryStatus): string {
  return ahead === null || behind === null ? '-' : `${ahead}/${behind}`
}
