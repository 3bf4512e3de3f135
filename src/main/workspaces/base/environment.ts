import { openEnvironment, type SealedEnvironment } from '../../../shared/environment'
import type { Open } from '../../../shared/secret'
import type { ContainerDetails } from '../../engine/containers'
import type { ImageSummary } from '../../engine/images'
import type { WorkspaceRecord } from '../../settings/records'
import { withProxyVariables } from './proxy-variables'

/**
 * The variables of everything that Berth starts in a workspace, and of its ssh logins: those of all workspaces, its own, those for a proxy,
 * and those by which a program knows where it is. Containers have the values from their creation; later changes and renames take
 * precedence. `lost` are variables whose values can no longer be decrypted.
 */
export function environmentOf(
  record: Pick<WorkspaceRecord, 'id' | 'name' | 'env'>,
  shared: SealedEnvironment,
  open: Open,
): { variables: Record<string, string>; lost: string[] } {
  const { variables, lost } = openEnvironment({ ...shared, ...record.env }, open)
  return { variables: { ...withProxyVariables(variables), ...identityVariables(record) }, lost }
}

/** What a container was given over what its image has. Values may be secrets. */
export function givenVariables(
  container: Pick<ContainerDetails, 'environment'> | null,
  image: Pick<ImageSummary, 'environment'> | null,
): [name: string, value: string][] {
  const ofImage = image?.environment ?? {}
  return Object.entries(container?.environment ?? {}).filter(([name, value]) => ofImage[name] !== value)
}

/** By these what runs inside, the entrypoint first of all, knows which workspace it is in. */
export function identityVariables(record: Pick<WorkspaceRecord, 'id' | 'name'>): Record<string, string> {
  return { BERTH_WORKSPACE_ID: record.id, BERTH_WORKSPACE_NAME: record.name }
}
