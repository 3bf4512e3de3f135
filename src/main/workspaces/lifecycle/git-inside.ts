import { isBerthError } from '../../../shared/errors'
import type { Engine } from '../../engine/engine'
import { runCommand } from '../../engine/run-command'

interface GitLimits {
  timeoutMs: number
  /** Of what it prints. */
  maxBytes: number
  signal?: AbortSignal | undefined
}

/**
 * The output of git in a repository of a workspace; null if it fails, or if there is no repository or no git. Throws other errors of
 * `runCommand`.
 */
export async function gitOutput(
  engine: Pick<Engine, 'exec'>,
  containerId: string,
  path: string,
  args: readonly string[],
  limits: GitLimits,
): Promise<string | null> {
  try {
    const { exitCode, stdout } = await runCommand(engine.exec, {
      containerId,
      user: 'workspace',
      command: ['git', '-C', path, ...args],
      ...limits,
    })
    return exitCode === 0 ? stdout : null
  } catch (error) {
    // An image without git.
    if (isBerthError(error, 'EXEC_FAILED')) return null
    throw error
  }
}
