import { createReadStream } from 'node:fs'
import { lstat, readFile, readlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import tar from 'tar-stream'
import { BerthError } from '../../shared/errors'
import { repoUrlProblem, splitRepoUrl } from '../../shared/repo-url'
import { runHostGit, startHostGit } from './host-git'
import { mustSucceed } from './repo-command'
import { noteExtras } from './repo-extras'
import { cloneFailed, refNotFound } from './repo-failure'
import { type RepoWork, repoHome, runInside, succeeds } from './repo-git'

const bundlePath = (work: RepoWork) => `${repoHome(work)}/.berth-bundle`
/** Branches, tags and the known branches of its origin. */
const BUNDLED = ['HEAD', '--branches', '--tags', '--remotes=origin']
const FETCHED = ['heads', 'tags', 'remotes/origin'].map((kind) => `+refs/${kind}/*:refs/${kind}/*`)

/** A folder of this machine that a workspace gets its repository from. */
interface LocalRepo {
  /** Of the repository that the folder is in. */
  root: string
  /** The folder within it; null for the whole repository. */
  folder: string | null
}

/** Throws REPO_URL_INVALID for what is no repository, or has no commits yet, and GIT_UNAVAILABLE. */
export async function findLocalRepo(path: string): Promise<LocalRepo> {
  const shown = await runHostGit(path, ['rev-parse', '--show-toplevel', '--show-prefix'])
  if (shown.exitCode !== 0) throw notALocalRepo(path, shown.stderr.trim().split('\n')[0] ?? 'It is not a git repository.')
  const [root = path, prefix = ''] = shown.stdout.split('\n')
  const head = await runHostGit(root, ['rev-parse', '--verify', '--quiet', 'HEAD'])
  if (head.exitCode !== 0) throw notALocalRepo(path, 'It has no commits yet.')
  return { root: resolve(root), folder: prefix === '' ? null : prefix.replace(/\/$/, '') }
}

function notALocalRepo(url: string, reason: string): BerthError {
  return new BerthError('REPO_URL_INVALID', `The repository in ${url} cannot be copied: ${reason}`, {
    url,
    reason,
    next: 'Choose a folder on this machine that is in a git repository with at least one commit.',
  })
}

/**
 * Brings the history of a repository on this machine to `target` inside, and what is not committed if that is wanted. Without the network: git packs it
 * here, and the engine carries it. Throws GIT_UNAVAILABLE, REPO_REF_NOT_FOUND, REPO_CLONE_FAILED.
 */
export async function copyLocalRepo(work: RepoWork, target: string, branch: string | null, withChanges: boolean): Promise<void> {
  const host = (...command: string[]) => runHostGit(work.url, command, { signal: work.signal })
  const current = await host('symbolic-ref', '--short', '--quiet', 'HEAD')
  const head = current.exitCode === 0 ? current.stdout.trim() : await mustHave(work, host('rev-parse', 'HEAD'))
  await mustSucceed(work, ['git', 'init', '--quiet', target])
  await copyShallow(work, target)
  await sendBundle(work)
  await mustSucceed(work, [
    'env',
    'GIT_ALLOW_PROTOCOL=file',
    'git',
    '-C',
    target,
    'fetch',
    '--progress',
    '--update-head-ok',
    bundlePath(work),
    ...FETCHED,
  ])
  await mustSucceed(work, ['rm', '-f', bundlePath(work)])
  await copyOrigin(work, target)
  const wanted = branch ?? head
  if (!(await succeeds(work, ['git', '-C', target, 'checkout', '--force', wanted, '--']))) throw refNotFound(work, wanted)
  await succeeds(work, ['git', '-C', target, 'branch', `--set-upstream-to=origin/${wanted}`, wanted])
  if (withChanges) await copyChanges(work, target)
  await noteExtras(work, target)
}

async function mustHave(work: RepoWork, running: ReturnType<typeof runHostGit>): Promise<string> {
  const { exitCode, stdout, stderr } = await running
  if (exitCode !== 0) throw cloneFailed(work, { exitCode, log: stderr.split('\n') })
  return stdout.trim()
}

/** Where the history of a shallow clone ends: git has to know before it takes commits without parents. */
async function copyShallow(work: RepoWork, target: string): Promise<void> {
  const path = await mustHave(work, runHostGit(work.url, ['rev-parse', '--git-path', 'shallow'], { signal: work.signal }))
  const shallow = await readIfThere(resolve(work.url, path))
  if (shallow !== null) await mustSucceed(work, ['tee', `${target}/.git/shallow`], shallow)
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT'

async function sendBundle(work: RepoWork): Promise<void> {
  work.onProgress(null, 'Packing the history')
  const packing = startHostGit(work.url, ['bundle', 'create', '--quiet', '-', ...BUNDLED], { signal: work.signal })
  const written = runInside(work, ['sh', '-c', 'cat >"$1"', 'sh', bundlePath(work)], { stdin: packing.stdout })
  const [{ exitCode, stderr }, result] = await Promise.all([packing.ended(), written])
  if (exitCode !== 0) throw cloneFailed(work, { exitCode, log: stderr.split('\n') })
  if (result.exitCode !== 0) throw cloneFailed(work, { exitCode: result.exitCode, log: result.stderr.split('\n') })
}

/** Its own origin, if a workspace can reach that, without a credential. */
async function copyOrigin(work: RepoWork, target: string): Promise<void> {
  const { exitCode, stdout } = await runHostGit(work.url, ['remote', 'get-url', 'origin'], { signal: work.signal })
  const { url } = splitRepoUrl(stdout.trim())
  if (exitCode === 0 && repoUrlProblem(url) === null) await mustSucceed(work, ['git', '-C', target, 'remote', 'add', 'origin', url])
}

/** What differs from the last commit, and new files that are not ignored. What is staged is not told from the rest. */
async function copyChanges(work: RepoWork, target: string): Promise<void> {
  const listed = async (...command: string[]) =>
    (await mustHave(work, runHostGit(work.url, command, { signal: work.signal }))).split('\0').filter(Boolean)
  const paths = [
    ...(await listed('diff', '--name-only', '--no-renames', '-z', 'HEAD')),
    ...(await listed('ls-files', '--others', '--exclude-standard', '-z')),
  ]
  if (paths.length === 0) return
  work.onProgress(null, `Uncommitted changes: ${paths.length} files`)
  // Files that are gone or have another type now do not block the copy.
  await mustSucceed(work, ['sh', '-c', 'cd "$1" && xargs -0 rm -rf --', 'sh', target], `${paths.join('\0')}\0`)
  const pack = tar.pack()
  const packed = packFiles(work, pack, paths)
  packed.catch((error: unknown) => pack.destroy(error instanceof Error ? error : new Error(String(error))))
  const command = ['tar', '--extract', '--no-same-owner', '--file', '-', '--directory', target]
  const [{ exitCode, stderr }] = await Promise.all([runInside(work, command, { stdin: Readable.from(pack) }), packed])
  if (exitCode !== 0) throw cloneFailed(work, { exitCode, log: stderr.split('\n') })
}

async function packFiles(work: RepoWork, pack: tar.Pack, paths: string[]): Promise<void> {
  for (const path of paths) {
    try {
      const isPacked = await packFile(pack, path, join(work.url, path))
      if (!isPacked) work.notice(`${path} was left out: it is a separate repository or not a file.`)
    } catch (error) {
      throw cloneFailed(work, { exitCode: null, log: [error instanceof Error ? error.message : String(error)] })
    }
  }
  pack.finalize()
}

/** Whether it is of a kind that git keeps; one that is gone is. */
async function packFile(pack: tar.Pack, path: string, file: string): Promise<boolean> {
  const stats = await lstatIfThere(file)
  if (stats === null) return true
  const header = { name: path, mode: stats.mode & 0o777, mtime: stats.mtime }
  if (stats.isSymbolicLink()) pack.entry({ ...header, type: 'symlink', linkname: await readlink(file) })
  else if (!stats.isFile()) return false
  else if (stats.size === 0) pack.entry(header, '')
  // A file that grows in the meantime is cut at the size it had.
  else await pipeline(createReadStream(file, { end: stats.size - 1 }), pack.entry({ ...header, size: stats.size }))
  return true
}

async function lstatIfThere(path: string) {
  try {
    return await lstat(path)
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}
