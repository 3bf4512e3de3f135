import type { Readable } from 'node:stream'
import { cloneFailed } from './repo-failure'
import { type RepoWork, runInside } from './repo-git'
import { createProgressMeter } from './repo-progress'

/** Runs a command inside that must succeed, and reports its progress. Throws REPO_CLONE_FAILED, CANCELLED. */
export async function mustSucceed(work: RepoWork, command: string[], stdin?: string | Readable): Promise<void> {
  const meter = createProgressMeter(work.onProgress)
  const { exitCode } = await runInside(work, command, { onStderr: meter.take, stdin })
  if (exitCode !== 0) throw cloneFailed(work, { exitCode, log: meter.lastLines() })
}
