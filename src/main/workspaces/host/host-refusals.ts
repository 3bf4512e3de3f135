import { BerthError } from '../../../shared/errors'
import { type FieldName, WORKSPACE_FIELDS } from '../../../shared/workspace-configuration/fields'

/** What ends processes and lists files is made for Linux. */
export function assertSupported(platform: NodeJS.Platform, workspace: string): void {
  if (platform === 'linux') return
  throw new BerthError('PLACE_CANNOT', 'Host workspaces need Linux: on this system, Berth could not end the programs in them.', {
    ...{ workspace, capability: 'terminal' },
    next: 'Create a workspace in a container.',
  })
}

export function unconfirmed(folder: string | null): BerthError {
  const where = folder === null ? 'in a folder on this machine' : `in ${folder}`
  return new BerthError('HOST_UNCONFIRMED', `A host workspace is not isolated: what runs ${where} has all your rights.`, {
    next: 'Confirm this once. On the command line, use --yes.',
  })
}

export function needsContainer(workspace: string, field: FieldName): BerthError {
  const { title } = WORKSPACE_FIELDS[field]
  return new BerthError('PLACE_CANNOT', `“${title}” needs a container and is not available for a host workspace.`, {
    ...{ workspace, capability: field },
    next: `Leave out ${field}, or create a workspace in a container.`,
  })
}

export function credentialRefused(): BerthError {
  const message = 'A host workspace uses the git logins of this machine, so the address cannot contain a password.'
  return new BerthError('INPUT_INVALID', message, {
    issues: [{ path: 'clone', message }],
    next: 'Leave out the password, and log in with git on this machine first.',
  })
}

export function notRunning(workspace: string, status: string): BerthError {
  return new BerthError('WORKSPACE_NOT_RUNNING', `${workspace} is not running (its status is ${status}).`, {
    ...{ workspace, status },
    next: `Start ${workspace} first.`,
  })
}
