import type { Engine } from './engine'
import { MARKER_VARIABLE } from './process-tree'
import { runCommand } from './run-command'

const CHECK_TIMEOUT_MS = 15_000

/** Where a command is to run: in a container of the engine inside a workspace. */
export interface NestedTarget {
  /** Id of the container. */
  id: string
  /** null for the one of the image. */
  user: string | null
  /** Left out: that of the image. */
  cwd?: string | undefined
  /** Of the workspace: a file with variables, one NAME=VALUE a line. */
  environmentFile?: string | undefined
}

/** These mean something to the client itself, or to the system that loads it; its own are to stay as they are. */
const OF_THE_CLIENT = ['PATH', 'HOME', 'LD_', 'DOCKER_']

/**
 * Program and arguments that run a command in a nested container with its engine's own client, which gets `env` as its environment, so that
 * values appear in no process list. The marker is passed on, since processes there descend from the nested engine, not from the client.
 */
export function nestedCommand(
  { id, user, cwd, environmentFile }: NestedTarget,
  { tty, env, marker }: { tty: boolean; env: Record<string, string>; marker: string },
  command: readonly string[],
): string[] {
  const variables = Object.entries(env).flatMap(([name, value]) => ['--env', isOfTheClient(name) ? `${name}=${value}` : name])
  return [
    ...['docker', 'exec', '--interactive'],
    ...(tty ? ['--tty', '--env', 'TERM=xterm-256color', '--env', 'COLORTERM=truecolor'] : []),
    ...(environmentFile === undefined ? [] : ['--env-file', environmentFile]),
    ...variables,
    ...['--env', `${MARKER_VARIABLE}=${marker}`],
    ...(user === null ? [] : ['--user', user]),
    ...(cwd === undefined ? [] : ['--workdir', cwd]),
    id,
    ...command,
  ]
}

/** What the client is to be started with, so that it passes on those variables. */
export function clientEnvironment(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOfTheClient(name)))
}

function isOfTheClient(name: string): boolean {
  return OF_THE_CLIENT.some((beginning) => name.startsWith(beginning))
}

/** A container on the engine inside a workspace, by its id; null when there is none, or that engine does not answer. */
export async function inspectNested(
  engine: Pick<Engine, 'exec'>,
  containerId: string,
  id: string,
  signal?: AbortSignal,
): Promise<{ name: string; running: boolean } | null> {
  const { exitCode, stdout } = await runCommand(engine.exec, {
    ...{ containerId, user: 'root', cwd: '/', maxBytes: 4096, timeoutMs: CHECK_TIMEOUT_MS, signal },
    command: ['docker', 'inspect', '--type', 'container', '--format', '{{.State.Running}} {{.Name}}', id],
  })
  if (exitCode !== 0) return null
  const [running, name = ''] = stdout.trim().split(' ')
  return { name: name.replace(/^\//, '').slice(0, 255), running: running === 'true' }
}
