import { BerthError } from '../../shared/errors'
import type { Progress } from '../../shared/operation'
import type { Engine } from '../engine/engine'
import { runCommand } from '../engine/run-command'
import { credentialConfig } from './repo-credential'

export const REPO_PATH = '/home/workspace/repo'
/** Cloned here first, so that a clone that broke off is never taken for a repo. */
const UNFINISHED_PATH = '/home/workspace/.berth-clone'
const KEPT_LOG_LINES = 20
const MAX_OUTPUT_BYTES = 256 * 1024

interface CloneOptions {
  engine: Engine
  containerId: string
  workspaceName: string
  url: string
  /** Whether the workspace has a credential for it. */
  authenticated: boolean
  signal: AbortSignal
  onProgress(progress: Progress | null, detail: string): void
}

/** Whether there is something at REPO_PATH already. */
export async function repoExists(engine: Engine, containerId: string): Promise<boolean> {
  return (await run(engine, containerId, ['test', '-e', REPO_PATH])).exitCode === 0
}

/**
 * Clones into REPO_PATH; does nothing when something is there. Throws REPO_CLONE_FAILED with git's last lines; nothing is left
 * of a clone that failed.
 */
export async function cloneRepo({
  engine,
  containerId,
  workspaceName,
  url,
  authenticated,
  signal,
  onProgress,
}: CloneOptions): Promise<void> {
  if (await repoExists(engine, containerId)) return
  await run(engine, containerId, ['rm', '-rf', UNFINISHED_PATH])
  const config = authenticated ? credentialConfig(url) : null
  const meter = createProgressMeter(onProgress)
  const result = await runCommand(engine.exec, {
    containerId,
    user: 'workspace',
    cwd: '/home/workspace',
    command: ['git', 'clone', '--progress', ...(config === null ? [] : ['--config', config]), '--', url, UNFINISHED_PATH],
    environment: {
      HOME: '/home/workspace',
      GIT_TERMINAL_PROMPT: '0',
      GIT_ALLOW_PROTOCOL: 'https:http:ssh:git',
      GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o StrictHostKeyChecking=accept-new',
    },
    maxBytes: MAX_OUTPUT_BYTES,
    signal,
    onStderr: meter.take,
  })
  if (result.exitCode !== 0) {
    await run(engine, containerId, ['rm', '-rf', UNFINISHED_PATH])
    throw cloneFailed(workspaceName, url, result.exitCode ?? -1, meter.lastLines())
  }
  const moved = await run(engine, containerId, ['mv', '-T', UNFINISHED_PATH, REPO_PATH])
  if (moved.exitCode !== 0) throw cloneFailed(workspaceName, url, moved.exitCode ?? -1, moved.stderr.split('\n'))
}

function run(engine: Engine, containerId: string, command: string[]) {
  return runCommand(engine.exec, { containerId, user: 'workspace', command, maxBytes: MAX_OUTPUT_BYTES })
}

function cloneFailed(workspace: string, url: string, exitCode: number, log: string[]): BerthError {
  const reason = log.findLast((line) => line.trim() !== '') ?? `git ended with code ${exitCode}`
  return new BerthError('REPO_CLONE_FAILED', `${url} could not be cloned: ${reason}`, {
    workspace,
    url,
    exitCode,
    log,
    next: 'The workspace itself is ready. Check the address and that the workspace may read it, then retry the clone.',
  })
}

/** git's main phases with their share of the whole, as it names them in its progress lines: “Receiving objects:  42% (…)”. */
const PHASES: [prefix: string, from: number, to: number][] = [
  ['Receiving objects:', 0, 80],
  ['Resolving deltas:', 80, 90],
  ['Updating files:', 90, 100],
]

function createProgressMeter(onProgress: CloneOptions['onProgress']) {
  const lines: string[] = []
  let unfinished = ''
  return {
    take(text: string): void {
      const parts = (unfinished + text).replaceAll('\r', '\n').split('\n')
      unfinished = parts.pop() ?? ''
      for (const line of parts) {
        if (line.trim() === '') continue
        onProgress(progressOf(line), line)
        // A progress line replaces the one before, as it does on a terminal.
        if (progressOf(line) !== null && progressOf(lines.at(-1) ?? '') !== null) lines.pop()
        lines.push(line)
        if (lines.length > KEPT_LOG_LINES) lines.shift()
      }
    },
    lastLines: () => (unfinished.trim() === '' ? lines : [...lines, unfinished]),
  }
}

/** null for a line that tells no progress. */
export function progressOf(line: string): Progress | null {
  const phase = PHASES.find(([prefix]) => line.startsWith(prefix))
  if (!phase) return null
  const [prefix, from, to] = phase
  const percent = Number.parseInt(line.slice(prefix.length).trimStart(), 10)
  if (Number.isNaN(percent)) return null
  return { done: Math.round(from + ((to - from) * percent) / 100), total: 100, unit: 'percent' }
}
