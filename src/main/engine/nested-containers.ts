import { z } from 'zod'
import type { NestedContainer } from '../../shared/contract/terminals'
import { BerthError } from '../../shared/errors'
import type { Engine } from './engine'
import { runCommand } from './run-command'

const MAX_OUTPUT_BYTES = 4 * 1024 * 1024
const TIMEOUT_MS = 15_000

const lineSchema = z.object({ ID: z.string(), Names: z.string(), Image: z.string(), Status: z.string() })

/** List the running containers of the engine inside a workspace. Throws EXEC_FAILED when that engine does not answer. */
export async function listNestedContainers(
  engine: Pick<Engine, 'exec'>,
  containerId: string,
  signal?: AbortSignal,
): Promise<NestedContainer[]> {
  const { exitCode, stdout, stderr } = await runCommand(engine.exec, {
    containerId,
    user: 'root',
    command: ['docker', 'ps', '--no-trunc', '--format', '{{json .}}'],
    maxBytes: MAX_OUTPUT_BYTES,
    timeoutMs: TIMEOUT_MS,
    signal,
  })
  if (exitCode !== 0) throw engineSilent(stderr.trim())
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { ID, Names, Image, Status } = lineSchema.parse(JSON.parse(line))
      return { id: ID, name: Names.split(',')[0] ?? ID, image: Image, status: Status }
    })
}

function engineSilent(said: string): BerthError {
  const reason = said === '' ? 'it did not answer in time' : said
  return new BerthError('EXEC_FAILED', `The containers inside the workspace could not be listed: ${reason}.`, {
    command: 'docker',
    reason,
    next: 'Check the log of the workspace. Restart the workspace if its engine has stopped.',
  })
}
