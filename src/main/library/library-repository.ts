import { cp, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Mutex } from 'async-mutex'
import { nanoid } from 'nanoid'
import type { LibraryCommit, LibraryStatus } from '../../shared/contract/library'
import { BerthError } from '../../shared/errors'
import { fileErrorCode } from '../../shared/file-error-code'
import { ACTION_COMMANDS, LIBRARY_ACTIONS, type LibraryAction } from '../../shared/library/git-states'
import { readRepo } from '../../shared/repo-url'
import { type Repository, readRepository } from './git-status'
import { realFolder } from './library-folder'
import { cloneLibrary, createLibraryGit, type LibraryGit } from './library-git'

type PullWay = 'fast-forward' | 'merge' | 'take-remote'

/** The git repository of the library. What changes it runs one after the other; nothing of the user’s is overwritten. */
export interface LibraryRepository {
  status(): Promise<LibraryStatus>
  log(limit: number): Promise<LibraryCommit[]>
  /** The text of a file as of the last commit, null when it is not in that; and how it differs now, as git shows it. */
  compare(path: string): Promise<{ committed: string | null; patch: string }>
  /** All throw LIBRARY_STATE when the state does not allow it, LIBRARY_GIT_FAILED, and the last two LIBRARY_REMOTE_FAILED. */
  init(): Promise<LibraryStatus>
  clone(url: string): Promise<LibraryStatus>
  commit(message: string): Promise<LibraryStatus>
  continueMerge(): Promise<LibraryStatus>
  abortMerge(): Promise<LibraryStatus>
  pull(how: PullWay): Promise<LibraryStatus & { keptAs: string | null }>
  push(): Promise<LibraryStatus>
}

/** Who made the first commit where git does not know who the user is. */
const BERTH = {
  GIT_AUTHOR_NAME: 'Berth',
  GIT_AUTHOR_EMAIL: 'berth@localhost',
  GIT_COMMITTER_NAME: 'Berth',
  GIT_COMMITTER_EMAIL: 'berth@localhost',
}
const BRANCH = 'main'
/** The user’s own git says who commits. */
const NOBODY: Record<string, string> = {}

interface RepositoryOptions {
  /** The folder of the library as it is set now. */
  folder(): string
  /** With the files that a new library begins with. */
  starterPath: string
  now(): Date
}

export function createLibraryRepository({ folder, starterPath, now }: RepositoryOptions): LibraryRepository {
  const turn = new Mutex()

  /** One change at a time, and the state after it. */
  const change = (work: (repository: Repository) => Promise<void>): Promise<LibraryStatus> =>
    turn.runExclusive(async () => {
      await work(await readRepository(folder()))
      return (await readRepository(folder())).status
    })

  async function pull(how: PullWay): Promise<LibraryStatus & { keptAs: string | null }> {
    let keptAs: string | null = null
    const status = await change(async (before) => {
      const action = how === 'fast-forward' ? 'pull' : how === 'merge' ? 'pull-merge' : 'take-remote'
      refuseUnless(action, before, canFetch(before))
      await before.git.run(
        ['fetch', '--quiet', '--no-recurse-submodules', '--upload-pack=git-upload-pack', '--', before.remoteName ?? 'origin'],
        {
          action: 'fetch',
          isRemote: true,
        },
      )
      const { git, status, facts, upstream } = await readRepository(folder())
      if (upstream === null || facts === null) throw stateError(action, { status }, [])
      // Nothing is there to be brought.
      if (facts.behind === 0 && !facts.rewritten) return
      if (facts.changes > 0) throw stateError(action, { status }, changedFiles({ status }))
      if (how === 'take-remote') keptAs = await takeRemote(git, upstream)
      else if (how === 'merge') await merge(git, upstream)
      else {
        refuseUnless(action, { status }, facts.ahead === 0 && !facts.rewritten)
        await git.run(['merge', '--ff-only', '--quiet', '--no-verify', upstream], { action: 'pull' })
      }
    })
    return { ...status, keptAs }
  }

  /** What is here stays as a branch; git refuses rather than overwrite what is not committed. */
  async function takeRemote(git: LibraryGit, upstream: string): Promise<string> {
    const name = `before-${now().toISOString().replaceAll(/[:.]/g, '-')}`
    await git.run(['branch', '--no-track', '--', name, 'HEAD'], { action: 'keep the local commits' })
    await git.run(['reset', '--keep', '--quiet', upstream], { action: 'take the remote’s version' })
    return name
  }

  return {
    status: async () => (await readRepository(folder())).status,
    async log(limit) {
      const { git, facts } = await readRepository(folder())
      if (facts === null) return []
      const format = '%H%x00%an%x00%aI%x00%s%x00'
      const { exitCode, stdout } = await git.run(['log', `--max-count=${limit}`, '--no-show-signature', `--format=${format}`], {
        action: 'read the log',
        mayFail: true,
      })
      // There are no commits yet.
      return exitCode === 0 ? parseLog(stdout) : []
    },
    async compare(path) {
      const { git, facts } = await readRepository(folder())
      if (facts === null) return { committed: null, patch: '' }
      const action = 'compare'
      const shown = await git.run(['show', '--no-textconv', `HEAD:${path}`], { action, mayFail: true })
      const plainDiff = ['--no-ext-diff', '--no-textconv', '--no-color', '--no-renames']
      const hasCommits = (await git.run(['rev-parse', '--verify', '--quiet', 'HEAD'], { action, mayFail: true })).exitCode === 0
      const { stdout: patch } = hasCommits ? await git.run(['diff', ...plainDiff, 'HEAD', '--', path], { action }) : { stdout: '' }
      return { committed: shown.exitCode === 0 ? shown.stdout : null, patch }
    },
    init: () =>
      change(async (repository) => {
        refuseUnless('init', repository, repository.status.actions.includes('init'))
        await makeLibrary(folder(), starterPath)
      }),
    clone: (given) =>
      change(async (repository) => {
        const { url, credential, ref } = readRepo(given)
        const target = folder()
        refuseUnless('clone', repository, repository.status.states.includes('missing') || (await isEmpty(target)))
        const parent = dirname(target)
        await mkdir(parent, { recursive: true, mode: 0o700 })
        // Under a temporary name until it is complete.
        const partial = join(parent, `.${basename(target)}.clone-${nanoid()}`)
        try {
          await cloneLibrary(parent, credential === null ? url : withCredential(url, credential), partial, ref)
          if (!repository.status.states.includes('missing')) await rmdir(target)
          await rename(partial, target)
        } finally {
          await rm(partial, { recursive: true, force: true })
        }
      }),
    commit: (message) =>
      change(async (repository) => {
        const { facts, git } = repository
        refuseUnless('commit', repository, facts !== null && facts.underWay === null && facts.conflicts === 0 && facts.changes > 0)
        await commitAll(git, message)
      }),
    continueMerge: () =>
      change(async (repository) => {
        const { facts, git, status } = repository
        refuseUnless('continue', repository, facts?.underWay === 'merge')
        const unresolved = await withMarkers(git, status.conflicts)
        if (unresolved.length > 0) throw stateError('continue', repository, unresolved)
        await commitAll(git, null)
      }),
    abortMerge: () =>
      change(async (repository) => {
        refuseUnless('abort', repository, repository.facts?.underWay === 'merge')
        await repository.git.run(['merge', '--abort'], { action: 'abort the merge' })
      }),
    pull,
    push: () =>
      change(async (repository) => {
        const { git, facts, status, remoteName } = repository
        refuseUnless('push', repository, canFetch(repository) && facts?.rewritten === false && facts.behind === 0)
        const ref = `refs/heads/${status.branch}`
        await git.run(
          [
            'push',
            '--quiet',
            '--no-verify',
            '--set-upstream',
            '--receive-pack=git-receive-pack',
            '--',
            remoteName ?? 'origin',
            `${ref}:${ref}`,
          ],
          {
            action: 'push',
            isRemote: true,
          },
        )
      }),
  }
}

/** A branch is checked out, nothing is half done, and there is a remote. */
function canFetch({ facts, remoteName }: Repository): boolean {
  return facts !== null && !facts.detached && facts.underWay === null && facts.conflicts === 0 && remoteName !== null
}

async function merge(git: LibraryGit, upstream: string): Promise<void> {
  const merged = await git.run(['merge', '--no-edit', '--quiet', '--no-verify', '--no-gpg-sign', upstream], {
    action: 'merge',
    mayFail: true,
  })
  if (merged.exitCode === 0) return
  // Conflicts are a state of the library, which is shown and can be taken back; anything else is a failure.
  const { exitCode } = await git.run(['rev-parse', '--verify', '--quiet', 'MERGE_HEAD'], { action: 'merge', mayFail: true })
  if (exitCode !== 0) await git.run(['merge', '--no-edit', '--quiet', '--no-verify', '--no-gpg-sign', upstream], { action: 'merge' })
}

/** All that differs; for a merge, null, with git’s own message. */
async function commitAll(git: LibraryGit, message: string | null, environment: Record<string, string> = NOBODY): Promise<void> {
  const action = 'commit'
  if (environment === NOBODY) await assertAuthor(git)
  await git.run(['add', '--all', '--', '.'], { action })
  const said = message === null ? ['--no-edit'] : ['--message', message]
  await git.run(['commit', '--quiet', '--no-verify', '--no-gpg-sign', ...said], { action, environment })
}

/** A commit by nobody in particular would stay in the history. */
async function assertAuthor(git: LibraryGit): Promise<void> {
  const { exitCode, stderr } = await git.run(['var', 'GIT_COMMITTER_IDENT'], { action: 'commit', mayFail: true })
  if (exitCode === 0) return
  const log = stderr.split('\n').filter((line) => line.trim() !== '')
  throw new BerthError('LIBRARY_GIT_FAILED', 'git does not know who you are, so nothing was committed.', {
    ...{ action: 'commit', exitCode, log: log.slice(0, 20) },
    next: 'Run “git config --global user.name NAME” and “git config --global user.email ADDRESS” on this machine, then try again.',
  })
}

/** Those of the files that have conflict markers still. */
async function withMarkers(git: LibraryGit, files: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const file of files) {
    const { exitCode } = await git.run(['grep', '--quiet', '--no-index', '-I', '-E', '^(<<<<<<< |>>>>>>> )', '--', file], {
      action: 'finish the merge',
      mayFail: true,
    })
    if (exitCode === 0) found.push(file)
  }
  return found
}

/** A new library with the starter’s files; or, where there are files already, a repository of these. */
async function makeLibrary(folder: string, starterPath: string): Promise<void> {
  const isNew = await isEmpty(folder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (isNew) await cp(starterPath, folder, { recursive: true, force: false })
  const git = createLibraryGit((await realFolder(folder)) ?? folder)
  await git.run(['init', '--quiet', '--template=', `--initial-branch=${BRANCH}`], { action: 'init' })
  const known = await git.run(['var', 'GIT_COMMITTER_IDENT'], { action: 'init', mayFail: true })
  await commitAll(git, isNew ? 'Begin with the starter library' : 'Keep the library under git', known.exitCode === 0 ? NOBODY : BERTH)
}

/** Also when there is none. */
async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return true
    throw error
  }
}

function withCredential(url: string, { username, password }: { username: string; password: string }): string {
  const parsed = new URL(url)
  parsed.username = encodeURIComponent(username)
  parsed.password = encodeURIComponent(password)
  return parsed.href
}

function parseLog(output: string): LibraryCommit[] {
  const fields = output.split('\0').map((field) => field.replace(/^\n/, ''))
  const commits: LibraryCommit[] = []
  for (let at = 0; at + 3 < fields.length; at += 4) {
    const [id = '', author = '', time = '', subject = ''] = fields.slice(at, at + 4)
    commits.push({ id, author, at: time, subject })
  }
  return commits
}

const changedFiles = ({ status }: Pick<Repository, 'status'>) => status.changes.map(({ path }) => path)

function refuseUnless(action: LibraryAction, repository: Pick<Repository, 'status'>, isAllowed: boolean): void {
  if (!isAllowed) throw stateError(action, repository, repository.status.conflicts)
}

function stateError(
  action: LibraryAction,
  { status: { states, actions, detail } }: Pick<Repository, 'status'>,
  files: string[],
): BerthError {
  const named =
    files.length === 0
      ? ''
      : ` Files in the way: ${files.slice(0, 5).join(', ')}${files.length > 5 ? ` and ${files.length - 5} more` : ''}.`
  const options = actions.map((name) => `“${LIBRARY_ACTIONS[name]}” (berth library ${ACTION_COMMANDS[name]})`)
  return new BerthError('LIBRARY_STATE', `“${LIBRARY_ACTIONS[action]}” is not possible now. ${detail}${named}`, {
    ...{ action, states, actions, files: files.slice(0, 100) },
    next:
      options.length === 0
        ? 'Repair the repository with git in the folder that “berth library path” prints.'
        : `Possible actions: ${options.join(', ')}.`,
  })
}
