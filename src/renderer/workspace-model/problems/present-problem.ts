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
      return { title: 'There is no such workspace', actions: [] }
    case 'NAME_TAKEN':
      return data.workspace === undefined
        ? { title: 'The name is taken', actions: aboutWorkspace('open-workspace', 'Open it', data.name) }
        : { title: 'A snapshot has that name', actions: aboutWorkspace('show-snapshots', 'Show snapshots', data.workspace) }
    case 'NAME_INVALID':
      return { title: 'The name cannot be used', actions: [] }
    case 'REPO_URL_INVALID':
      return { title: 'The repository cannot be cloned', actions: [] }
    case 'INPUT_INVALID':
      return { title: 'Something in it cannot be taken', actions: [] }
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
        title: 'It is a template',
        actions: [
          ...aboutWorkspace('new-from-template', 'New workspace from it', data.workspace),
          ...aboutWorkspace('unset-template', 'Unset template', data.workspace),
        ],
      }
    case 'WORKSPACE_INCOMPLETE':
    case 'SNAPSHOT_INCOMPLETE':
      return {
        title: 'A part of it was removed outside Berth',
        actions: aboutWorkspace('show-snapshots', 'Show snapshots', data.workspace),
      }
    case 'SNAPSHOT_NOT_FOUND':
      return { title: 'There is no such snapshot', actions: aboutWorkspace('show-snapshots', 'Show snapshots', data.workspace) }
    case 'WORKSPACE_START_FAILED':
      return { title: 'The workspace did not start', actions: [retry(), ...showLog(data.log)] }
    case 'ENGINE_UNREACHABLE':
      return {
        title: 'The engine does not answer',
        actions: [{ kind: 'reconnect-engine', label: 'Try again' }, ...showEngines(null)],
      }
    case 'ENGINE_HOST_UNKNOWN':
      return { title: 'Nobody has trusted the engine’s machine yet', actions: [] }
    case 'ENGINE_HOST_CHANGED':
      return { title: 'The engine’s machine has another key than before', actions: [] }
    case 'ENGINE_PORT_UNAVAILABLE':
      return { title: 'The port is not free on this machine', actions: [retry()] }
    case 'ENGINE_REFUSED':
      return { title: 'The engine refused', actions: [retry()] }
    case 'FOREIGN_RESOURCE':
      return { title: 'Something else has that name on the engine', actions: [retry()] }
    case 'NOT_ADOPTABLE':
      return { title: 'It cannot be adopted as it is', actions: [] }
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
        title: data.method === 'key' ? 'The repository accepts no key of this workspace' : 'The repository asks for a password',
        actions: [
          ...(data.method === 'key' ? [] : aboutWorkspace('enter-credential', 'Enter password', data.workspace)),
          retry('Retry clone'),
          ...showLog(data.log),
        ],
      }
    case 'REPO_HOST_UNKNOWN':
      return {
        title: data.changed === true ? 'The repository’s host has another key now' : 'The repository’s host is not known yet',
        actions: [...trustHost(data), retry('Retry clone')],
      }
    case 'GIT_UNAVAILABLE':
      return { title: 'There is no git on this machine', actions: [retry()] }
    case 'REPO_REF_NOT_FOUND':
      return { title: 'The repository has no such branch', actions: [retry('Retry clone')] }
    case 'GITHUB_NOT_FOUND':
      return { title: 'GitHub has no such repository', actions: [OPEN_CREDENTIALS] }
    case 'GITHUB_ACCESS_DENIED':
      return { title: 'GitHub refused', actions: [OPEN_CREDENTIALS, retry()] }
    case 'GITHUB_UNREACHABLE':
      return { title: 'GitHub could not be asked', actions: [retry()] }
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
      return { title: 'There is no dev container', actions: [] }
    case 'DEVCONTAINER_UNAVAILABLE':
      return { title: 'Dev containers cannot be used here', actions: [retry(), ...showLog(data.log)] }
    case 'DEVCONTAINER_FAILED':
      return { title: 'The dev container did not come up', actions: [retry(), ...showLog(data.log)] }
    case 'DEVCONTAINER_NOT_RUNNING':
      return { title: 'The dev container is not running', actions: [] }
    case 'ARCHIVE_INVALID':
      return { title: 'The file cannot be imported', actions: [] }
    case 'FILE_EXISTS':
      return { title: 'There is such a file already', actions: [] }
    case 'FILE_UNUSABLE':
      return { title: 'The file cannot be used', actions: [retry()] }
    case 'FILE_NOT_FOUND':
      return { title: 'There is no such file', actions: [] }
    case 'NOT_A_FOLDER':
      return { title: 'It is not a folder', actions: [] }
    case 'NOT_A_FILE':
      return { title: 'It is not a file', actions: [] }
    case 'FILE_REFUSED':
      return { title: 'The workspace refused', actions: [retry()] }
    case 'PORT_NOT_FORWARDED':
      return { title: 'It is not forwarded', actions: [] }
    case 'FORWARD_FAILED':
      return { title: 'The port cannot be forwarded', actions: [retry()] }
    case 'AGENT_UNAVAILABLE':
      return { title: 'The ssh agent cannot be used', actions: [retry()] }
    case 'LIBRARY_STATE':
      return { title: 'The library does not allow it now', actions: [] }
    case 'LIBRARY_REMOTE_FAILED':
      return { title: 'The library’s remote refused', actions: [retry()] }
    case 'LIBRARY_GIT_FAILED':
      return { title: 'git failed in the library', actions: [] }
    case 'LIBRARY_FILE_CHANGED':
      return { title: 'The file was changed by somebody else', actions: [] }
    case 'LIBRARY_ENTRY_NOT_FOUND':
      return { title: 'The library does not have it', actions: [] }
    case 'LIBRARY_ENTRY_INVALID':
      return { title: 'It cannot be used as it is in the library', actions: [] }
    case 'TEMPLATE_AMBIGUOUS':
      return { title: 'There are two templates of this name', actions: [] }
    case 'TEMPLATE_UNKNOWN':
      return { title: 'Its template is not in the library', actions: [] }
    case 'DISK_FULL':
      return { title: 'The disk is full', actions: [SHOW_STORAGE, retry()] }
    case 'LIMIT_BELOW_USE':
      return { title: 'It uses more than that', actions: [] }
    case 'LIMIT_REACHED':
      return { title: 'It would go past the limit', actions: [...changeLimit(data.workspace), SHOW_STORAGE, retry()] }
    case 'IMAGE_IN_USE':
      return { title: 'The image is not removed', actions: [] }
    case 'PACKAGES_UNKNOWN':
      return { title: 'Its packages are not known', actions: [] }
    case 'TIMED_OUT':
      return { title: 'It took too long', actions: [retry()] }
    case 'CANCELLED':
      return { title: 'Cancelled', actions: [retry()] }
    case 'OPERATION_NOT_FOUND':
      return { title: 'That is no longer known', actions: [] }
    case 'OPERATION_NOT_CANCELLABLE':
      return { title: 'It cannot be cancelled now', actions: [] }
    case 'INTERRUPTED':
      return { title: 'Berth was ended in the middle of it', actions: [retry()] }
    case 'ENGINE_UNKNOWN':
      return { title: 'Berth does not use this engine', actions: showEngines(null) }
    case 'ENGINE_EXISTS':
      return { title: 'Berth uses this engine already', actions: showEngines(data.engine) }
    case 'ENGINE_IN_USE':
      return { title: 'The engine is in use', actions: showEngines(data.engine) }
    case 'SWARM_NO_ROOM':
      return { title: 'Swarm has no node for it', actions: [...showEngines(data.swarm, 'Show its nodes'), retry()] }
    case 'SWARM_NODE_UNREACHED':
      return { title: 'Berth does not reach the node’s engine', actions: [...editSwarm(data.swarm), retry()] }
    case 'SWARM_NO_MANAGER':
      return typeof data.engine === 'string'
        ? { title: 'The engine is not a manager of a Swarm', actions: showEngines(data.engine) }
        : {
            title: 'No manager of the Swarm answers',
            actions: [{ kind: 'reconnect-engine', label: 'Try again' }, ...showEngines(data.swarm, 'Show its nodes')],
          }
    case 'SWARM_UNKNOWN':
      return { title: 'Berth does not use this Swarm', actions: showEngines(null) }
    case 'PLACE_UNKNOWN':
      return { title: 'This place is not known', actions: [] }
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
      return { title: 'There is too much to copy', actions: [OPEN_CREDENTIALS] }
    case 'EXEC_FAILED':
      return { title: 'The command could not be run', actions: [] }
    case 'UNAUTHORIZED':
      return { title: 'This page is not let in', actions: [RELOAD] }
    case 'HOST_REFUSED':
      return { title: 'This address is not let in', actions: [] }
    case 'ALREADY_RUNNING':
      return { title: 'Another Berth is running', actions: [] }
    case 'RECORDS_UNREADABLE':
      return { title: 'A file of Berth cannot be read', actions: [] }
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
    title: 'Berth cannot be reached',
    message: 'The connection was lost before an answer came.',
    next: 'This page reconnects by itself. Look whether it was done, then try again.',
    actions: [retry(), COPY],
    details: 'ConnectionLostError',
  }
}

function presentUnexpected(error: unknown): Presentation {
  const known = error instanceof Error ? error : new Error(String(error))
  return {
    title: 'Something unexpected went wrong',
    message: known.message,
    next: 'If it comes again, copy the details into a report.',
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
