import type { TerminalSession } from '../../shared/contract/terminals'
import { carriedVariables, DEVCONTAINER_ENVIRONMENT, type DevcontainerTarget } from '../../shared/devcontainer'
import { BerthError } from '../../shared/errors'
import { assertAvailable, type Capability } from '../../shared/place-capabilities'
import type { Machine } from '../engine/machine'
import { listNestedContainers } from '../engine/nested-containers'
import { clientEnvironment, nestedCommand } from '../engine/nested-exec'
import { startTracked } from '../engine/tracked-exec'
import type { SessionProcess } from './session-process'
import type { SessionWorkspace } from './session-workspace'
import { type SshAccess, startSsh } from './ssh-process'
import type { TerminalSize } from './terminal-size'

/** What a session runs, each time it begins. */
export interface SessionSpec {
  kind: TerminalSession['kind']
  /** null for a shell. */
  command: string[] | null
  /** Of a nested container: as it was asked for, name or id. */
  container: string | null
  /** null for the usual one of its kind. */
  user: string | null
  cwd: string | undefined
  env: Record<string, string>
  tty: boolean
  /** In the workspace itself, also when its dev container is up. */
  outside: boolean
  /** Whether what cuts itself loose ends with it, as with a command that somebody waits for. */
  endsDetached: boolean
}

/** The ssh agent of this machine for a user of a workspace, until it is released; null when it is not to have one. */
export type UseAgent = (
  workspaceId: string,
  user: string,
  environment: Record<string, string | null>,
) => { environment: Record<string, string>; linked(): Promise<unknown>; release(): void } | null

export interface LaunchOptions {
  machine: Pick<Machine, 'exec'>
  sshAccess: SshAccess
  useAgent: UseAgent
  /** Throws DEVCONTAINER_NOT_RUNNING. */
  assertDevcontainer: (workspaceId: string) => Promise<void>
  workspace: SessionWorkspace & { containerId: string }
  spec: SessionSpec
  size: TerminalSize
}

export interface Launched {
  process: SessionProcess
  user: string
  container: TerminalSession['container']
}

/** Of Berth's images. */
const WORKSPACE_USER = 'workspace'
/** The one of the user, or else as below. Not a login shell: its variables are known, and /etc/profile would take some away. */
const USERS_SHELL = [
  'sh',
  '-c',
  'SHELL=$(getent passwd "$(id -un)" 2>/dev/null | cut -d: -f7); [ -x "$SHELL" ] || SHELL=$(command -v bash) || SHELL=/bin/sh; export SHELL; exec "$SHELL"',
]
/** bash where there is one; without a shell in between where a command is given. */
const NESTED_SHELL = ['sh', '-c', 'command -v bash >/dev/null && exec bash; exec sh']

/** What the place of the workspace must be able to do for it. */
const NEEDED: Record<SessionSpec['kind'], Capability | null> = {
  shell: null,
  command: null,
  root: 'root',
  nested: 'nested-engine',
  ssh: 'ssh',
}

/** Throws PLACE_CANNOT, EXEC_FAILED when what is to run, or where, is not there; SSH_UNAVAILABLE; what the engine throws. */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const { kind, user } = options.spec
  const capability = NEEDED[kind]
  if (capability !== null) assertAvailable(options.workspace, capability)
  if (user !== null && user !== 'workspace') assertAvailable(options.workspace, 'root')
  switch (kind) {
    case 'shell':
    case 'root':
    case 'command':
      return options.workspace.devcontainer && !options.spec.outside
        ? launchInDevcontainer(options, options.workspace.devcontainer)
        : launchInWorkspace(options)
    case 'nested':
      return launchInNested(options)
    case 'ssh':
      return launchSsh(options)
    default:
      return kind satisfies never
  }
}

async function launchInWorkspace({ machine, useAgent, workspace, spec, size }: LaunchOptions): Promise<Launched> {
  const user = spec.user ?? (spec.kind === 'root' ? 'root' : 'workspace')
  const environment = { ...workspace.environment, ...spec.env }
  const agent = useAgent(workspace.id, user, environment)
  try {
    // A command may use it at once; a person at a shell does not, and must not wait for what it takes.
    if (spec.command) await agent?.linked()
    const process = await startTracked(machine.exec, {
      containerId: workspace.containerId,
      command: spec.command,
      user,
      cwd: spec.cwd,
      preferredCwd: workspace.repoPath,
      env: { ...environment, ...agent?.environment },
      tty: spec.tty,
      stdin: true,
      size,
      detached: spec.endsDetached ? 'included' : 'spared',
    })
    if (!spec.command) void agent?.linked()
    return { process: agent ? calledAtEnd(process, agent.release) : process, user, container: null }
  } catch (error) {
    agent?.release()
    throw error
  }
}

/** Every session waits for the exit code, or drops the connection. */
function calledAtEnd(process: SessionProcess, onEnd: () => void): SessionProcess {
  return {
    ...process,
    exitCode: () => process.exitCode().finally(onEnd),
    destroy() {
      onEnd()
      process.destroy()
    },
  }
}

/** By the nested engine's own client, with a marker: its processes descend from the nested engine, not from the client. */
async function launchInNested({ machine, workspace, spec, size }: LaunchOptions): Promise<Launched> {
  const found = (await listNestedContainers(machine, workspace.containerId)).find(
    ({ id, name }) => name === spec.container || (spec.container !== null && spec.container.length >= 4 && id.startsWith(spec.container)),
  )
  if (!found) throw noSuchContainer(spec.container ?? '')
  const process = await startTracked(machine.exec, {
    containerId: workspace.containerId,
    command: (marker) =>
      nestedCommand(
        { id: found.id, user: spec.user, cwd: spec.cwd },
        { tty: spec.tty, env: spec.env, marker },
        spec.command ?? NESTED_SHELL,
      ),
    user: 'root',
    env: clientEnvironment(spec.env),
    tty: spec.tty,
    stdin: true,
    size,
    detached: 'included',
  })
  return {
    process: { ...process, command: spec.command ?? ['sh'] },
    user: spec.user ?? 'root',
    container: { id: found.id, name: found.name },
  }
}

/** Who asks for a shell, asks for one of the dev container's user. */
async function launchInDevcontainer(
  { machine, assertDevcontainer, workspace, spec, size }: LaunchOptions,
  { id, name, user: ownUser, folder }: DevcontainerTarget,
): Promise<Launched> {
  await assertDevcontainer(workspace.id)
  const user = spec.kind === 'root' ? 'root' : spec.user === null || spec.user === WORKSPACE_USER ? ownUser : spec.user
  const env = { ...carriedVariables(workspace.environment), ...spec.env }
  const target = { id, user, cwd: spec.cwd ?? folder, environmentFile: DEVCONTAINER_ENVIRONMENT }
  const process = await startTracked(machine.exec, {
    containerId: workspace.containerId,
    command: (marker) => nestedCommand(target, { tty: spec.tty, env, marker }, spec.command ?? USERS_SHELL),
    ...{ user: WORKSPACE_USER, cwd: '/', env: clientEnvironment(env) },
    ...{ tty: spec.tty, stdin: true, size },
    detached: 'included',
  })
  return { process: { ...process, command: spec.command ?? ['sh'] }, user, container: { id, name } }
}

async function launchSsh({ sshAccess, workspace, spec, size }: LaunchOptions): Promise<Launched> {
  if (Object.keys(spec.env).length > 0) throw noVariables()
  const user = spec.user ?? 'workspace'
  const process = await startSsh({ access: sshAccess, workspace, user, command: spec.command, cwd: spec.cwd, size })
  return { process, user, container: null }
}

function noVariables(): BerthError {
  const message = 'An ssh session has the variables of the workspace’s ssh logins.'
  return new BerthError('INPUT_INVALID', message, {
    issues: [{ path: 'env', message }],
    next: 'Leave env out, set it for the workspace, or open a shell instead.',
  })
}

function noSuchContainer(container: string): BerthError {
  const reason = `no container ${container} runs in the workspace`
  return new BerthError('EXEC_FAILED', `Could not open a shell: ${reason}.`, {
    command: 'docker',
    reason,
    next: 'Start the container inside the workspace, then try again.',
  })
}
