import { openCredential } from '../../provisioning/repo-credential'
import type { WorkspaceRecord } from '../../settings/records'
import type { WorkspaceServices } from '../base/lifecycle-services'

/** Values of variables, without those that identify a workspace, which are no secrets. */
export function secretValues(variables: Readonly<Record<string, string>>): string[] {
  const { BERTH_WORKSPACE_ID: _id, BERTH_WORKSPACE_NAME: _name, ...secret } = variables
  return Object.values(secret)
}

/** All that Berth knows of these workspaces and must not be in a report: values of variables, passwords of repositories, logins and the token of GitHub. */
export async function knownSecrets(
  services: Pick<WorkspaceServices, 'secrets' | 'environmentOf' | 'hostLogins' | 'githubToken'>,
  records: readonly WorkspaceRecord[],
): Promise<string[]> {
  const ofRecords = records.flatMap((record) => [
    ...secretValues(services.environmentOf(record).variables),
    openCredential(services.secrets, record.repoCredential)?.password,
  ])
  const logins = [...(await services.hostLogins.all()).values()].flatMap((answer) => ('login' in answer ? answer.login.password : []))
  return [...ofRecords, ...logins, services.githubToken()].filter((text) => text != null)
}
