import { isBerthError } from '../../../shared/errors'
import type { Engine } from '../../engine/engine'
import type { WorkspaceRecord } from '../../settings/records'
import { gitOutput } from './git-inside'
import { repositoryPaths } from './repository-status'

export interface DeletionPreview {
  /** Bytes are null when the engine could not tell in time. */
  volumes: { name: string; bytes: number | null }[]
  /** null when it cannot be known: it does not run, or has no repo. */
  uncommittedFiles: number | null
  unpushedCommits: number | null
  /** Of a host workspace; null for others. */
  folder: { path: string; created: boolean } | null
}

const MEASURE_TIMEOUT_MS = 3000
const GIT_TIMEOUT_MS = 5000
const MAX_OUTPUT_BYTES = 1024 * 1024

/** What would be lost with the workspace. */
export async function previewDeletion(
  engine: Engine,
  record: WorkspaceRecord,
  container: { containerId: string; running: boolean } | null,
): Promise<DeletionPreview> {
  const { home, docker } = record.volumes
  const containerId = container?.running ? container.containerId : null
  const paths = repositoryPaths({ ...record, host: null })
  const [sizes, counts] = await Promise.all([volumeSizes(engine), countInRepos(engine, containerId, paths)])
  return { volumes: [home, docker].map((name) => ({ name, bytes: sizes.get(name) ?? null })), ...counts, folder: null }
}

/** What these repositories have and no server does. Nothing is known without a container that runs. */
export async function countInRepos(
  engine: Pick<Engine, 'exec'>,
  containerId: string | null,
  paths: string[],
): Promise<Pick<DeletionPreview, 'uncommittedFiles' | 'unpushedCommits'>> {
  const [uncommittedFiles, unpushedCommits] = await Promise.all([
    countInAll(engine, containerId, paths, ['status', '--porcelain']),
    countInAll(engine, containerId, paths, ['log', '--branches', '--not', '--remotes', '--format=%h']),
  ])
  return { uncommittedFiles, unpushedCommits }
}

/** Lines that git prints in all these repositories together; null when none of them can tell. */
async function countInAll(
  engine: Pick<Engine, 'exec'>,
  containerId: string | null,
  paths: string[],
  command: string[],
): Promise<number | null> {
  if (containerId === null) return null
  const counts = await Promise.all(paths.map((path) => countLines(engine, containerId, path, command)))
  const known = counts.filter((count) => count !== null)
  return known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0)
}

async function volumeSizes(engine: Engine): Promise<Map<string, number>> {
  try {
    return await engine.volumes.sizes(AbortSignal.timeout(MEASURE_TIMEOUT_MS))
  } catch (error) {
    // Measuring takes as long as there are files; the question whether to delete does not wait for it.
    if (isBerthError(error, 'CANCELLED') || isBerthError(error, 'ENGINE_REFUSED')) return new Map()
    throw error
  }
}

async function countLines(
  engine: Pick<Engine, 'exec'>,
  containerId: string,
  path: string,
  command: readonly string[],
): Promise<number | null> {
  const output = await gitOutput(engine, containerId, path, command, { timeoutMs: GIT_TIMEOUT_MS, maxBytes: MAX_OUTPUT_BYTES })
  return output === null ? null : output.split('\n').filter((line) => line !== '').length
}
