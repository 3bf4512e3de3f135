import { isBerthError } from '../../shared/errors'
import { REPO_PATH } from '../../shared/repo-path'
import { isRepoProblem } from '../../shared/repo-problem'
import { isLocalRepo } from '../../shared/repo-url'
import { sshTargetOf } from '../../shared/ssh-target'
import { runCommand } from '../engine/run-command'
import { copyLocalRepo } from './local-repo'
import { mustSucceed } from './repo-command'
import { credentialConfig } from './repo-credential'
import { bringExtras } from './repo-extras'
import { cloneFailed, explainFailure, refNotFound } from './repo-failure'
import { type RepoWork, repoHome, runInside, succeeds } from './repo-git'
import { createProgressMeter } from './repo-progress'
import { candidateRefs, listedRefs, type RepoTarget, resolveRef } from './repo-ref'

/** Cloned here first, so that a clone that broke off is never taken for a repo. */
const unfinishedPath = (work: RepoWork) => `${repoHome(work)}/.berth-clone`
/** A server that has not said by then which refs it has will not say it later either. */
const LIST_TIMEOUT_MS = 30_000

/** What of a repository is wanted. */
export interface RepoChoice {
  branch: string | null
  depth: number | null
  folder: string | null
  /** Of a folder of this machine: also what is not committed. */
  withChanges: boolean
}

/** The branch and the folder as they turned out. */
type Found = Pick<RepoChoice, 'branch' | 'folder'>

/** Whether there is something at `path` already. */
async function isThere({ engine, containerId }: RepoWork, path: string): Promise<boolean> {
  const command = ['test', '-e', path]
  return (await runCommand(engine.exec, { containerId, user: 'workspace', command, maxBytes: 0 })).exitCode === 0
}

/**
 * Clones into `path`, with submodules and large files. Returns the branch and the folder as they turned out: a branch that the server does not have may
 * be one with a folder behind it, and a folder that is not there is none. null, and nothing done, when there is something at `path`.
 *
 * Throws REPO_ACCESS_DENIED, REPO_HOST_UNKNOWN, REPO_REF_NOT_FOUND, and REPO_CLONE_FAILED with git's last lines for whatever else; nothing is left of a
 * clone that failed.
 */
export async function cloneRepo(work: RepoWork, choice: RepoChoice, path = REPO_PATH): Promise<Found | null> {
  if (await isThere(work, path)) return null
  const agent = work.useAgent?.() ?? null
  try {
    const linked = agent?.linked()
    // Other repositories may have submodules by ssh, which come later.
    const problem = sshTargetOf(work.url) === null ? null : await linked
    if (problem) work.notice(problem.message)
    return await bring({ ...work, agentEnvironment: agent?.environment }, choice, path)
  } finally {
    agent?.release()
  }
}

async function bring(work: RepoWork, choice: RepoChoice, path: string): Promise<Found> {
  await runInside(work, ['rm', '-rf', unfinishedPath(work)])
  try {
    const found = isLocalRepo(work.url) ? await copyFromHere(work, choice) : await cloneFromServer(work, choice)
    await mustSucceed(work, ['mv', '-T', unfinishedPath(work), path])
    return found
  } catch (error) {
    if (isBerthError(error) && isRepoProblem(error.code)) await runInside(work, ['rm', '-rf', unfinishedPath(work)])
    throw error
  }
}

async function cloneFromServer(work: RepoWork, choice: RepoChoice): Promise<Found> {
  const target = await findTarget(work, choice.branch)
  await checkOut(work, target, choice.depth)
  const behind = await folderBehind(work, target, choice.branch)
  await bringExtras(work, unfinishedPath(work))
  return {
    branch: target.kind === 'named' ? target.name : choice.branch,
    folder: choice.folder === null ? behind : await folderThatIsThere(work, choice.folder),
  }
}

async function copyFromHere(work: RepoWork, { branch, folder, withChanges }: RepoChoice): Promise<Found> {
  await copyLocalRepo(work, unfinishedPath(work), branch, withChanges)
  return { branch, folder: folder === null ? null : await folderThatIsThere(work, folder) }
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
    mustSucceed(work, ['git', 'clone', '--progress', ...options, ...more, '--', work.url, unfinishedPath(work)])
  const inClone = (...more: string[]) => mustSucceed(work, ['git', '-C', unfinishedPath(work), ...more])
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
  return succeeds(work, ['git', '-C', unfinishedPath(work), 'cat-file', '-e', `${id}^{commit}`])
}

/** One that is on no branch, or not among the newest; servers give it by its full id only. */
async function fetchCommit(work: RepoWork, id: string, shallow: string[]): Promise<void> {
  await succeeds(work, ['git', '-C', unfinishedPath(work), 'fetch', ...shallow, 'origin', id])
  if (!(await hasCommit(work, id))) throw refNotFound(work, id)
}

/** Of `BRANCH/FOLDER`; it has to be there, or else a branch of that whole name was meant. */
async function folderBehind(work: RepoWork, target: RepoTarget, ref: string | null): Promise<string | null> {
  const folder = target.kind === 'named' ? target.folder : null
  if (folder !== null && !(await isFolder(work, folder))) throw refNotFound(work, ref ?? '')
  return folder
}

async function folderThatIsThere(work: RepoWork, folder: string): Promise<string | null> {
  if (await isFolder(work, folder)) return folder
  work.notice(`The repository has no folder “${folder}”, so the workspace opens in the repository itself.`)
  return null
}

function isFolder(work: RepoWork, folder: string): Promise<boolean> {
  return succeeds(work, ['test', '-d', `${unfinishedPath(work)}/${folder}`])
}
