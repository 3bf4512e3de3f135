import { isBerthError } from '../../shared/errors'
import { REPO_PATH } from '../../shared/repo-path'
import { isRepoProblem } from '../../shared/repo-problem'
import type { Engine } from '../engine/engine'
import { runCommand } from '../engine/run-command'
import { credentialConfig } from './repo-credential'
import { bringExtras } from './repo-extras'
import { cloneFailed, explainFailure, refNotFound } from './repo-failure'
import { type RepoWork, runInside, succeeds } from './repo-git'
import { createProgressMeter } from './repo-progress'
import { candidateRefs, listedRefs, type RepoTarget, resolveRef } from './repo-ref'

/** Cloned here first, so that a clone that broke off is never taken for a repo. */
const UNFINISHED_PATH = '/home/workspace/.berth-clone'
/** A server that has not said by then which refs it has will not say it later either. */
const LIST_TIMEOUT_MS = 30_000

/** What of a repository is wanted. */
export interface RepoChoice {
  branch: string | null
  depth: number | null
  folder: string | null
}

/** Whether there is something at REPO_PATH already. */
export async function repoExists(engine: Pick<Engine, 'exec'>, containerId: string): Promise<boolean> {
  const command = ['test', '-e', REPO_PATH]
  return (await runCommand(engine.exec, { containerId, user: 'workspace', command, maxBytes: 0 })).exitCode === 0
}

/**
 * Clones into REPO_PATH, with submodules and large files. Returns the branch and the folder as they turned out: a branch that the server does not have may
 * be one with a folder behind it, and a folder that is not there is none. null, and nothing done, when there is something at REPO_PATH.
 *
 * Throws REPO_ACCESS_DENIED, REPO_HOST_UNKNOWN, REPO_REF_NOT_FOUND, and REPO_CLONE_FAILED with git's last lines for whatever else; nothing is left of a
 * clone that failed.
 */
export async function cloneRepo(work: RepoWork, choice: RepoChoice): Promise<Pick<RepoChoice, 'branch' | 'folder'> | null> {
  if (await repoExists(work.engine, work.containerId)) return null
  await runInside(work, ['rm', '-rf', UNFINISHED_PATH])
  try {
    const target = await findTarget(work, choice.branch)
    await checkOut(work, target, choice.depth)
    const found = await settle(work, target, choice)
    await bringExtras(work, UNFINISHED_PATH)
    await mustSucceed(work, ['mv', '-T', UNFINISHED_PATH, REPO_PATH])
    return found
  } catch (error) {
    if (isBerthError(error) && isRepoProblem(error.code)) await runInside(work, ['rm', '-rf', UNFINISHED_PATH])
    throw error
  }
}

/** Asks the server, which also tells whether it can be read. */
async function findTarget(work: RepoWork, ref: string | null): Promise<RepoTarget> {
  const names = ref === null ? [] : candidateRefs(ref)
  const meter = createProgressMeter(work.onProgress)
  const { exitCode, timedOut, stdout } = await runInside(work, ['git', 'ls-remote', '--', work.url, 'HEAD', ...names], {
    timeoutMs: LIST_TIMEOUT_MS,
    onStderr: meter.take,
  })
  if (timedOut) throw cloneFailed(work, { exitCode, log: [...meter.lastLines(), `no answer within ${LIST_TIMEOUT_MS / 1000} seconds`] })
  if (exitCode !== 0) throw await explainFailure(work, { exitCode, log: meter.lastLines() })
  const target = resolveRef(ref, listedRefs(stdout))
  if (target === null) throw refNotFound(work, ref ?? '')
  return target
}

async function checkOut(work: RepoWork, target: RepoTarget, depth: number | null): Promise<void> {
  const config = work.credential && credentialConfig(work.url)
  const shallow = depth === null ? [] : ['--depth', String(depth)]
  const options = [...shallow, ...(config === null ? [] : ['--config', `${config.key}=${config.value}`])]
  const clone = (...more: string[]) =>
    mustSucceed(work, ['git', 'clone', '--progress', ...options, ...more, '--', work.url, UNFINISHED_PATH])
  const inClone = (...more: string[]) => mustSucceed(work, ['git', '-C', UNFINISHED_PATH, ...more])
  switch (target.kind) {
    case 'default':
      return clone()
    case 'named':
      return clone('--branch', target.name)
    case 'other': {
      const { fullName, branch } = target
      await clone('--no-checkout')
      await inClone('fetch', '--progress', ...shallow, 'origin', fullName)
      await inClone('checkout', '--progress', '-B', branch, 'FETCH_HEAD')
      // For “git pull”.
      await inClone('config', `branch.${branch}.remote`, 'origin')
      return inClone('config', `branch.${branch}.merge`, fullName)
    }
    case 'commit':
      await clone('--no-checkout')
      if (!(await hasCommit(work, target.id))) await fetchCommit(work, target.id, shallow)
      return inClone('checkout', '--progress', '--detach', target.id)
    default:
      return target satisfies never
  }
}

function hasCommit(work: RepoWork, id: string): Promise<boolean> {
  return succeeds(work, ['git', '-C', UNFINISHED_PATH, 'cat-file', '-e', `${id}^{commit}`])
}

/** One that is on no branch, or not among the newest; servers give it by its full id only. */
async function fetchCommit(work: RepoWork, id: string, shallow: string[]): Promise<void> {
  await succeeds(work, ['git', '-C', UNFINISHED_PATH, 'fetch', ...shallow, 'origin', id])
  if (!(await hasCommit(work, id))) throw refNotFound(work, id)
}

/** The branch and the folder that were meant. */
async function settle(work: RepoWork, target: RepoTarget, { branch, folder }: RepoChoice): Promise<Pick<RepoChoice, 'branch' | 'folder'>> {
  const isThere = (path: string) => succeeds(work, ['test', '-d', `${UNFINISHED_PATH}/${path}`])
  const behind = target.kind === 'named' ? target.folder : null
  if (behind !== null && !(await isThere(behind))) throw refNotFound(work, branch ?? '')
  if (folder !== null && !(await isThere(folder))) {
    work.notice(`There is no folder “${folder}” in the repository; it opens in the repository instead.`)
    return { branch, folder: null }
  }
  return { branch: target.kind === 'named' ? target.name : branch, folder: folder ?? behind }
}

/** A command that has to succeed. Throws REPO_CLONE_FAILED. */
async function mustSucceed(work: RepoWork, command: string[]): Promise<void> {
  const meter = createProgressMeter(work.onProgress)
  const { exitCode } = await runInside(work, command, { onStderr: meter.take })
  if (exitCode !== 0) throw cloneFailed(work, { exitCode, log: meter.lastLines() })
}
