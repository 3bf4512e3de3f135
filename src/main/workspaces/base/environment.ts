import type { Settings } from '../../../shared/contract/settings'
import type { WorkspaceRecord } from '../../settings/records'

/**
 * The variables of everything that Berth starts in a workspace, and of its ssh logins: those of all workspaces, its own, and by which a
 * program knows where it is. Containers have the values of their creation; what was set or renamed since counts.
 */
export function environmentOf(
  record: Pick<WorkspaceRecord, 'id' | 'name' | 'env'>,
  settings: Pick<Settings, 'env'>,
): Record<string, string> {
  return { ...settings.env, ...record.env, ...identityVariables(record) }
}

/** By these what runs inside, the entrypoint first of all, knows which workspace it is in. */
export function identityVariables(record: Pick<WorkspaceRecord, 'id' | 'name'>): Record<string, string> {
  return { BERTH_WORKSPACE_ID: record.id, BERTH_WORKSPACE_NAME: record.name }
}

/** In the place of a value that may be a secret. */
const MASK = '***'

/** Its names, each with a mask in the place of the value: what doors list. */
export function maskedEnvironment(environment: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.keys(environment).map((name) => [name, MASK]))
}
