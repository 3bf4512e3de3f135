import { ORPCError } from '@orpc/client'
import type { ErrorCode, Problem } from '../../../shared/error-definitions'
import { isBerthError, toProblem } from '../../../shared/errors'
import { ConnectionLostError } from '../../connection/connection'

/** Something a person can do about a problem, as a button. What it does is `run-suggested-action.ts`'s affair. `retry` and `force` are only shown where it is
 * known how to do it again, or again without regard to what runs. */
export type NextStep =
  | { kind: 'retry'; label: string }
  | { kind: 'open-settings'; label: string; section: 'network' | 'workspaces' | 'storage' | 'credentials' }
  | { kind: 'show-storage'; label: string }
  | { kind: 'change-limit'; label: string; workspace: string }
  | { kind: 'reconnect-engine'; label: string }
  | { kind: 'show-engines'; label: string; engine: string | null }
  | { kind: 'edit-swarm'; label: string; swarm: string }
  | { kind: 'move-workspace'; label: string; workspace: string }
  | { kind: 'force'; label: string }
  | { kind: 'stop-workspace'; label: string; workspace: string }
  | { kind: 'new-from-template'; label: string; workspace: string }
  | { kind: 'unset-template'; label: string; workspace: string }
  | { kind: 'show-snapshots'; label: string; workspace: string }
  | { kind: 'enter-credential'; label: string; workspace: string }
  | { kind: 'trust-host'; label: string; workspace: string; fingerprint: string }
  | { kind: 'rerun-init'; label: string; workspace: string }
  | { kind: 'edit-scripts'; label: string; workspace: string }
  | { kind: 'show-log'; label: string; lines: string[] }
  | { kind: 'open-workspace'; label: string; workspace: string }
  | { kind: 'show-operation'; label: string }
  | { kind: 'reload'; label: string }
  | { kind: 'copy-details'; label: string }

/** A problem in words. */
export interface Presentation {
  title: string
  message: string
  /** What to do about it; empty when there is nothing to say. */
  next: string
  actions: NextStep[]
  /** Everything known, for a report. */
  details: string
}

const retry = (label = 'Retry'): NextStep => ({ kind: 'retry', label })
const COPY: NextStep = { kind: 'copy-details', label: 'Copy details' }
const OPEN_CREDENTIALS: NextStep = { kind: 'open-settings', label: 'Open settings', section: 'credentials' }
const SHOW_STORAGE: NextStep = { kind: 'show-storage', label: 'Show storage' }
const RELOAD: NextStep = { kind: 'reload', label: 'Reload' }

/** Whatever a call threw, in words. */
export function presentError(error: unknown): Presentation {
  const problem = problemOf(error)
  if (problem !== null) return presentProblem(problem)
  return error instanceof ConnectionLostError ? presentLostConnection() : presentUnexpected(error)
}

/** What Berth refused a call with; null for what it did not say. */
export function problemOf(error: unknown): Problem | null {
  if (isBerthError(error)) return toProblem(error)
  // Those of the contract, which a newer Berth may have more of than this page.
  if (!(error instanceof ORPCError) || !error.defined) return null
  const data: Record<string, unknown> = isRecord(error.data) ? error.data : {}
  const next = typeof data.next === 'string' ? data.next : ''
  return { code: error.code as ErrorCode, message: error.message, next, data }
}

/** A problem that a call, a workspace or an operation has, in words. */
export function presentProblem(problem: Problem): Presentation {
  const { title, actions } = describe(problem)
  return {
    title,
    message: problem.message,
    next: problem.next,
    actions: [...actions, COPY],
    details: JSON.stringify(problem, null, 2),
  }
}

function describe({ code, data }: Problem): { title: string; actions: NextStep[] } {
  switch (code) {
    case 'WORKSPACE_NOT_FOUND':
      return { title: 'Workspace not found', actions: [] }
    case 'NAME_TAKEN':
      return data.workspace === undefined
        ? { title: 'The name is taken', actions: aboutWorkspace('open-workspace', 'Open it', data.name) }
        : { title: 'A snapshot already has this name', actions: aboutWorkspace('show-snapshots', 'Show snapshots', data.workspace) }
    case 'NAME_INVALID':
      return { title: 'Invalid name', actions: [] }
    case 'REPO_URL_INVALID':
      return { title: 'Invalid repository address', actions: [] }
    case 'INPUT_INVALID':
      return { title: 'Some fields are invalid', actions: [] }
    case 'WORKSPACE_BUSY':
      return { title: 'The workspace is busy', actions: [{ kind: 'show-operation', label: 'Show activity' }, retry()] }
    case 'WORKSPACE_NOT_RUNNING':
      return { title: 'The workspace is not running', actions: aboutWorkspace('open-workspace', 'Open it', data.workspace) }
    case 'WORKSPACE_RUNNING':
      return {
        title: 'The workspace is running',
        actions: [{ kind: 'force', label: 'Stop and restore' }, ...aboutWorkspace('stop-workspace', 'Stop', data.workspace)],
      }
    case 'WORKSPACE_IS_TEMPLATE':
      return {
        title: 'This workspace is a template',
        actions: [
          ...aboutWorkspace('new-from-template', 'New workspace from it', data.workspace),
          ...aboutWorkspace('unset-template', 'Unset template', data.workspace),
        ],
      }
    case 'WORKSPACE_INCOMPLETE':
    case 'SNAPSHOT_INCOMPLETE':
      return {
        title: 'Part of it was removed outside Berth',
        actions: aboutWorkspace('show-snapshots', 'Show snapshots', data.workspace),
      }
    case 'SNAPSHOT_NOT_FOUND':
      return { title: 'Snapshot not found', actions: aboutWorkspace('show-snapshots', 'Show snapshots', data.workspace) }
    case 'WORKSPACE_START_FAILED':
      return { title: 'The workspace failed to start', actions: [retry(), ...showLog(data.log)] }
    case 'ENGINE_UNREACHABLE':
      return {
        title: 'The engine is not responding',
        actions: [{ kind: 'reconnect-engine', label: 'Try again' }, ...showEngines(null)],
      }
    case 'ENGINE_HOST_UNKNOWN':
      return { title: 'The engine’s host key is not trusted yet', actions: [] }
    case 'ENGINE_HOST_CHANGED':
      return { title: 'The engine’s host key has changed', actions: [] }
    case 'ENGINE_PORT_UNAVAILABLE':
      return { title: 'The port is in use on this machine', actions: [retry()] }
    case 'ENGINE_REFUSED':
      return { title: 'The engine refused the request', actions: [retry()] }
    case 'FOREIGN_RESOURCE':
      return { title: 'Another resource on the engine has this name', actions: [retry()] }
    case 'NOT_ADOPTABLE':
      return { title: 'This workspace cannot be adopted', actions: [] }
    case 'IMAGE_UNAVAILABLE':
      return {
        title: 'The image is unavailable',
        actions: [retry(), { kind: 'open-settings', label: 'Choose another image', section: 'workspaces' }],
      }
    case 'IMAGE_BUILD_FAILED':
      return { title: 'The image could not be built', actions: [retry(), ...showLog(data.log)] }
    case 'PORTS_EXHAUSTED':
      return { title: 'No ssh port is free', actions: [{ kind: 'open-settings', label: 'Change port range', section: 'network' }, retry()] }
    case 'REPO_CLONE_FAILED':
      return { title: 'The repository could not be cloned', actions: [retry('Retry clone'), ...showLog(data.log)] }
    case 'REPO_ACCESS_DENIED':
      return {
        title: data.method === 'key' ? 'The repository rejected the workspace’s ssh key' : 'The repository requires a password',
        actions: [
          ...(data.method === 'key' ? [] : aboutWorkspace('enter-credential', 'Enter password', data.workspace)),
          retry('Retry clone'),
          ...showLog(data.log),
        ],
      }
    case 'REPO_HOST_UNKNOWN':
      return {
        title: data.changed === true ? 'The host key of the repository’s server has changed' : 'The repository’s server is not trusted yet',
        actions: [...trustHost(data), retry('Retry clone')],
      }
    case 'GIT_UNAVAILABLE':
      return { title: 'git is not installed on this machine', actions: [retry()] }
    case 'REPO_REF_NOT_FOUND':
      return { title: 'Branch not found', actions: [retry('Retry clone')] }
    case 'GITHUB_NOT_FOUND':
      return { title: 'Repository not found on GitHub', actions: [OPEN_CREDENTIALS] }
    case 'GITHUB_ACCESS_DENIED':
      return { title: 'GitHub denied access', actions: [OPEN_CREDENTIALS, retry()] }
    case 'GITHUB_UNREACHABLE':
      return { title: 'GitHub is unreachable', actions: [retry()] }
    case 'INIT_SCRIPT_FAILED':
      return {
        title: 'The init script failed',
        actions: [
          ...aboutWorkspace('rerun-init', 'Run again', data.workspace),
          ...showLog(data.log),
          ...(data.script === 'shared'
            ? [{ kind: 'open-settings' as const, label: 'Settings', section: 'workspaces' as const }]
            : aboutWorkspace('edit-scripts', 'Edit script', data.workspace)),
        ],
      }
    case 'POST_START_FAILED':
      return { title: 'A post-start script failed', actions: [retry('Run again'), ...showLog(data.log)] }
    case 'DEVCONTAINER_NOT_FOUND':
      return { title: 'No dev container found', actions: [] }
    case 'DEVCONTAINER_UNAVAILABLE':
      return { title: 'Dev containers are unavailable here', actions: [retry(), ...showLog(data.log)] }
    case 'DEVCONTAINER_FAILED':
      return { title: 'The dev container failed to start', actions: [retry(), ...showLog(data.log)] }
    case 'DEVCONTAINER_NOT_RUNNING':
      return { title: 'The dev container is not running', actions: [] }
    case 'ARCHIVE_INVALID':
      return { title: 'The file cannot be imported', actions: [] }
    case 'FILE_EXISTS':
      return { title: 'The file already exists', actions: [] }
    case 'FILE_UNUSABLE':
      return { title: 'The file cannot be used', actions: [retry()] }
    case 'FILE_NOT_FOUND':
      return { title: 'File not found', actions: [] }
    case 'NOT_A_FOLDER':
      return { title: 'Not a folder', actions: [] }
    case 'NOT_A_FILE':
      return { title: 'Not a file', actions: [] }
    case 'FILE_REFUSED':
      return { title: 'The workspace refused the request', actions: [retry()] }
    case 'PORT_NOT_FORWARDED':
      return { title: 'The port is not forwarded', actions: [] }
    case 'FORWARD_FAILED':
      return { title: 'The port cannot be forwarded', actions: [retry()] }
    case 'AGENT_UNAVAILABLE':
      return { title: 'The ssh agent is unavailable', actions: [retry()] }
    case 'LIBRARY_STATE':
      return { title: 'The library cannot do this now', actions: [] }
    case 'LIBRARY_REMOTE_FAILED':
      return { title: 'The library’s remote rejected the request', actions: [retry()] }
    case 'LIBRARY_GIT_FAILED':
      return { title: 'git failed in the library', actions: [] }
    case 'LIBRARY_FILE_CHANGED':
      return { title: 'The file was changed elsewhere', actions: [] }
    case 'LIBRARY_ENTRY_NOT_FOUND':
      return { title: 'Not found in the library', actions: [] }
    case 'LIBRARY_ENTRY_INVALID':
      return { title: 'The library entry is invalid', actions: [] }
    case 'TEMPLATE_AMBIGUOUS':
      return { title: 'Two templates have this name', actions: [] }
    case 'TEMPLATE_UNKNOWN':
      return { title: 'Template not found in the library', actions: [] }
    case 'DISK_FULL':
      return { title: 'The disk is full', actions: [SHOW_STORAGE, retry()] }
    case 'LIMIT_BELOW_USE':
      return { title: 'The limit is below current use', actions: [] }
    case 'LIMIT_REACHED':
      return { title: 'This would exceed the limit', actions: [...changeLimit(data.workspace), SHOW_STORAGE, retry()] }
    case 'IMAGE_IN_USE':
      return { title: 'The image is in use', actions: [] }
    case 'PACKAGES_UNKNOWN':
      return { title: 'The installed packages are unknown', actions: [] }
    case 'TIMED_OUT':
      return { title: 'It took too long', actions: [retry()] }
    case 'CANCELLED':
      return { title: 'Cancelled', actions: [retry()] }
    case 'OPERATION_NOT_FOUND':
      return { title: 'This operation is no longer known', actions: [] }
    case 'OPERATION_NOT_CANCELLABLE':
      return { title: 'This can no longer be cancelled', actions: [] }
    case 'INTERRUPTED':
      return { title: 'Berth stopped before this finished', actions: [retry()] }
    case 'ENGINE_UNKNOWN':
      return { title: 'Berth does not use this engine', actions: showEngines(null) }
    case 'ENGINE_EXISTS':
      return { title: 'This engine is already in use', actions: showEngines(data.engine) }
    case 'ENGINE_IN_USE':
      return { title: 'The engine is in use', actions: showEngines(data.engine) }
    case 'SWARM_NO_ROOM':
      return { title: 'No Swarm node has room', actions: [...showEngines(data.swarm, 'Show its nodes'), retry()] }
    case 'SWARM_NODE_UNREACHED':
      return { title: 'The node’s engine is unreachable', actions: [...editSwarm(data.swarm), retry()] }
    case 'SWARM_NO_MANAGER':
      return typeof data.engine === 'string'
        ? { title: 'The engine is not a Swarm manager', actions: showEngines(data.engine) }
        : {
            title: 'No Swarm manager is responding',
            actions: [{ kind: 'reconnect-engine', label: 'Try again' }, ...showEngines(data.swarm, 'Show its nodes')],
          }
    case 'SWARM_UNKNOWN':
      return { title: 'Berth does not use this Swarm', actions: showEngines(null) }
    case 'PLACE_UNKNOWN':
      return { title: 'Unknown place', actions: [] }
    case 'PLACE_CANNOT':
      return { title: 'A host workspace cannot do this', actions: [] }
    case 'HOST_UNCONFIRMED':
      return { title: 'A host workspace is not isolated', actions: [] }
    case 'HOST_FOLDER_UNUSABLE':
      return { title: 'The folder cannot be used', actions: [retry()] }
    case 'OPERATION_NOT_WAITING':
      return { title: 'The operation is not waiting', actions: [] }
    case 'JOURNAL_UNREADABLE':
      return { title: 'Berth cannot finish this operation', actions: [] }
    case 'SESSION_NOT_FOUND':
      return { title: 'The session has ended', actions: [] }
    case 'TERMINAL_UNAVAILABLE':
      return { title: 'This kind of terminal is not available here', actions: [] }
    case 'SYNC_TOO_LARGE':
      return { title: 'Too much to copy', actions: [OPEN_CREDENTIALS] }
    case 'EXEC_FAILED':
      return { title: 'The command failed to run', actions: [] }
    case 'UNAUTHORIZED':
      return { title: 'Access denied', actions: [RELOAD] }
    case 'HOST_REFUSED':
      return { title: 'Address not allowed', actions: [] }
    case 'ALREADY_RUNNING':
      return { title: 'Another Berth is running', actions: [] }
    case 'RECORDS_UNREADABLE':
      return { title: 'Berth cannot read one of its files', actions: [] }
    case 'INTERNAL':
      return { title: 'Something unexpected went wrong', actions: [retry()] }
    default:
      // A newer Berth may have codes that this page does not know yet.
      code satisfies never
      return { title: 'Something went wrong', actions: [retry()] }
  }
}

function presentLostConnection(): Presentation {
  return {
    title: 'Berth is unreachable',
    message: 'The connection was lost before a response arrived.',
    next: 'This page reconnects by itself. Check whether it was done before you try again.',
    actions: [retry(), COPY],
    details: 'ConnectionLostError',
  }
}

function presentUnexpected(error: unknown): Presentation {
  const known = error instanceof Error ? error : new Error(String(error))
  return {
    title: 'Something unexpected went wrong',
    message: known.message,
    next: 'If it happens again, copy the details into a bug report.',
    actions: [retry(), COPY],
    details: known.stack ?? `${known.name}: ${known.message}`,
  }
}

function showLog(log: unknown): NextStep[] {
  const lines = Array.isArray(log) ? log.filter((line) => typeof line === 'string') : []
  return lines.length === 0 ? [] : [{ kind: 'show-log', label: 'Show log', lines }]
}

/** The best key of the host; the user has its fingerprint before their eyes, in the message. */
function trustHost({ workspace, keys }: Problem['data']): NextStep[] {
  const [key] = Array.isArray(keys) ? keys : []
  if (typeof workspace !== 'string' || !isRecord(key) || typeof key.fingerprint !== 'string') return []
  return [{ kind: 'trust-host', label: 'Trust this key and clone', workspace, fingerprint: key.fingerprint }]
}

function changeLimit(workspace: unknown): NextStep[] {
  const label = 'Change limit'
  return [typeof workspace === 'string' ? { kind: 'change-limit', label, workspace } : { kind: 'open-settings', label, section: 'storage' }]
}

/** A Swarm is shown among the engines, by its name. */
function showEngines(engine: unknown, label = 'Show engines'): NextStep[] {
  return [{ kind: 'show-engines', label, engine: typeof engine === 'string' ? engine : null }]
}

function editSwarm(swarm: unknown): NextStep[] {
  return typeof swarm === 'string' ? [{ kind: 'edit-swarm', label: 'Set where it is reached', swarm }] : []
}

type StepAboutWorkspace = Exclude<Extract<NextStep, { workspace: string }>['kind'], 'trust-host'>

function aboutWorkspace(kind: StepAboutWorkspace, label: string, workspace: unknown): NextStep[] {
  return typeof workspace === 'string' ? [{ kind, label, workspace }] : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
