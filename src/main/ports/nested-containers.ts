import { z } from 'zod'
import type { Engine } from '../engine/engine'
import { runCommand } from '../engine/run-command'
import { log } from '../log'

const MOST_BYTES = 1024 * 1024
const TIMEOUT_MS = 10_000
const lineSchema = z.object({ ID: z.string(), Names: z.string() })

/** Names of the nested containers that run, by id; those that could not be read are left out. */
export async function nestedContainerNames(engine: Pick<Engine, 'exec'>, containerId: string): Promise<Map<string, string>> {
  const { exitCode, stdout, stderr } = await runCommand(engine.exec, {
    containerId,
    command: ['docker', 'ps', '--no-trunc', '--format', '{{json .}}'],
    user: 'root',
    maxBytes: MOST_BYTES,
    timeoutMs: TIMEOUT_MS,
  })
  if (exitCode !== 0) log.debug({ containerId, stderr }, 'the nested containers could not be listed')
  const lines = exitCode === 0 ? stdout.split('\n').filter((line) => line !== '') : []
  return new Map(lines.map((line) => lineSchema.parse(JSON.parse(line))).map(({ ID, Names }) => [ID, Names.split(',')[0] ?? Names]))
}
