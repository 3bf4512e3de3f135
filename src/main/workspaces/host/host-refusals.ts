import { BerthError } from '../../../shared/errors'
import { type FieldName, WORKSPACE_FIELDS } from '../../../shared/workspace-configuration/fields'

/** What ends processes and lists files is made for Linux. */
export function assertSupported(platform: NodeJS.Platform, workspace: string): void {
  if (platform === 'linux') return
  throw new BerthError('PLACE_CANNOT', 'Host workspaces need Linux: on this system Berth could not end what runs in them.', {
    ...{ workspace, capability: 'terminal' },
    next: 'Create a workspace in a container.',
  })
}

export function unconfirmed(folder: string | null): BerthError {
  const where = folder === null ? 'in a folder of this machine' : `in ${folder}`
  return new BerthError('HOST_UNCONFIRMED', `A host workspace is not isolated: what runs ${where} has all your rights.`, {
    next: 'Confirm that you want this. With the command line: --yes. Berth asks once.',
  })
}

export function needsContainer(workspace: string, field: FieldName): BerthError {
  const { title } = WORKSPACE_FIELDS[field]
  return new BerthError('PLACE_CANNOT', `A host workspace has no ${title.toLowerCase()}: that needs a container.`, {
    ...{ workspace, capability: field },
    next: `Leave out ${field}, or create a workspace in a container.`,
  })
}

export function credentialRefused(): BerthError {
  const message = 'A host workspace uses the logins of this machine’s git. Leave the password out of the address.'
  return new BerthError('INPUT_INVALID', message, { issues: [{ path: 'clone', message }], next: 'Log in with git on this machine first.' })
}

export function notRunning(workspace: string, status: string): BerthError {
  return new BerthError('WORKSPACE_NOT_RUNNING', `${workspace} is not running (its status is ${status}).`, {
    ...{ workspace, status },
    next: `Start ${workspace} first.`,
  })
}
