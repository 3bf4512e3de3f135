import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { LibraryStatus } from '../../shared/contract/library'
import { isMissing } from '../../shared/file-error-code'
import { GIT_STATES, type GitFacts, type GitState, gitActions, gitStates } from '../../shared/library/git-states'
import { splitRepoUrl } from '../../shared/repo-url'
import { realFolder } from './library-folder'
import { createLibraryGit, type LibraryGit } from './library-git'

/** Of changes that are named. */
const NAMED_CHANGES = 200

/** A repository as it is now, with what is needed to change it. */
export interface Repository {
  git: LibraryGit
  status: LibraryStatus
  facts: GitFacts | null
  /** `origin`, or the remote of the branch. */
  remoteName: string | null
  /** The name of the branch’s counterpart, such as `origin/main`. */
  upstream: string | null
}

/** Reads the state of the repository in that folder. Throws errors of git, except for states that have a name. */
export async function readRepository(folder: string): Promise<Repository> {
  const real = await realFolder(folder)
  const git = createLibraryGit(real ?? folder)
  if (real === null) return plain(git, folder, 'missing')
  const shown = await git.run(['rev-parse', '--is-inside-work-tree', '--show-toplevel', '--absolute-git-dir'], {
    action: 'read the state',
    mayFail: true,
  })
  const [isInside, top = '', gitFolder = ''] = shown.stdout.split('\n')
  if (shown.exitCode !== 0 || isInside !== 'true' || resolve(top) !== real) {
    const hasGit = await exists(join(real, '.git'))
    return hasGit ? plain(git, folder, 'unusable', shown.stderr.trim().split('\n')[0]) : plain(git, folder, 'not-a-repository')
  }
  return readStates(git, folder, gitFolder)
}

function plain(git: LibraryGit, folder: string, state: GitState, reason?: string): Repository {
  const detail = reason ? `${GIT_STATES[state]} ${reason}` : GIT_STATES[state]
  const nothing = { branch: null, remote: null, ahead: 0, behind: 0, changes: [], changeCount: 0, conflicts: [] }
  const status = { folder, states: [state], detail, actions: gitActions([state], false), ...nothing }
  return { git, status, facts: null, remoteName: null, upstream: null }
}

async function readStates(git: LibraryGit, folder: string, gitFolder: string): Promise<Repository> {
  const action = 'read the state'
  const command = ['status', '--porcelain=v2', '--branch', '--no-renames', '--untracked-files=all', '--ignore-submodules=all', '-z']
  const { stdout } = await git.run(command, { action })
  const found = parseStatus(stdout)
  const remotes = (await git.run(['remote'], { action })).stdout.split('\n').filter(Boolean)
  const [ofUpstream] = (found.upstream ?? '').split('/')
  const remoteName = remotes.find((name) => name === ofUpstream) ?? remotes.find((name) => name === 'origin') ?? remotes[0] ?? null
  const url = remoteName === null ? null : (await git.run(['remote', 'get-url', '--', remoteName], { action, mayFail: true })).stdout.trim()
  const [isMerging, ...others] = await Promise.all(
    ['MERGE_HEAD', 'rebase-merge', 'rebase-apply', 'CHERRY_PICK_HEAD', 'REVERT_HEAD'].map((name) => exists(join(gitFolder, name))),
  )
  // Git names the upstream also where it is gone; then it has no counts.
  const upstream = found.hasCounts ? found.upstream : null
  const facts: GitFacts = {
    detached: found.branch === null,
    underWay: others.some(Boolean) ? 'other' : isMerging ? 'merge' : null,
    conflicts: found.conflicts.length,
    changes: found.changes.length,
    hasRemote: remoteName !== null,
    hasUpstream: upstream !== null,
    ahead: found.ahead,
    behind: found.behind,
    rewritten: upstream !== null && found.hasCommits && (await isRewritten(git, upstream)),
  }
  const states = gitStates(facts)
  const status: LibraryStatus = {
    ...{ folder, states, detail: describe(states, facts), actions: gitActions(states, facts.hasUpstream) },
    ...{ branch: found.branch, remote: url ? splitRepoUrl(url).url : null, ahead: facts.ahead, behind: facts.behind },
    ...{ changes: found.changes.slice(0, NAMED_CHANGES), changeCount: facts.changes, conflicts: found.conflicts },
  }
  return { git, status, facts, remoteName, upstream }
}

function describe(states: readonly GitState[], { ahead, behind, changes }: GitFacts): string {
  const counted: Partial<Record<GitState, string>> = {
    diverged: `The histories differ: ${ahead} ${ahead === 1 ? 'commit' : 'commits'} to push, ${behind} to pull.`,
    dirty: `${changes} ${changes === 1 ? 'file has' : 'files have'} uncommitted changes.`,
    behind: `The remote has ${behind} newer ${behind === 1 ? 'commit' : 'commits'}.`,
    ahead: ahead === 0 ? 'The branch has not been pushed yet.' : `${ahead} ${ahead === 1 ? 'commit is' : 'commits are'} not pushed yet.`,
    clean: states.includes('no-remote') ? 'Everything is committed.' : GIT_STATES.clean,
  }
  return states.map((state) => counted[state] ?? GIT_STATES[state]).join(' ')
}

/**
 * Whether the remote no longer has commits that it had, and that are here. git notes what it had (the reflog of the counterpart). Where the remote’s
 * history of today has been merged, that is settled.
 */
async function isRewritten(git: LibraryGit, upstream: string): Promise<boolean> {
  const action = 'read the state'
  const is = async (ancestor: string, of: string) =>
    (await git.run(['merge-base', '--is-ancestor', ancestor, of], { action, mayFail: true })).exitCode === 0
  const forked = await git.run(['merge-base', '--fork-point', upstream, 'HEAD'], { action, mayFail: true })
  const had = forked.stdout.trim()
  if (forked.exitCode !== 0 || had === '' || (await is(had, upstream))) return false
  return !(await is(upstream, 'HEAD')) || (await is(upstream, had))
}

interface ParsedStatus {
  branch: string | null
  upstream: string | null
  hasCounts: boolean
  hasCommits: boolean
  ahead: number
  behind: number
  changes: LibraryStatus['changes']
  conflicts: string[]
}

/** Of `git status --porcelain=v2 --branch -z --no-renames`. */
export function parseStatus(output: string): ParsedStatus {
  const parsed: ParsedStatus = {
    ...{ branch: null, upstream: null, hasCounts: false, hasCommits: true, ahead: 0, behind: 0 },
    ...{ changes: [], conflicts: [] },
  }
  for (const line of output.split('\0')) {
    const [kind, ...words] = line.split(' ')
    if (kind === '#') readHeader(parsed, words)
    else if (kind === '?') parsed.changes.push({ path: words.join(' '), change: 'added' })
    else if (kind === '1') parsed.changes.push({ path: words.slice(7).join(' '), change: changeOf(words[0] ?? '') })
    else if (kind === 'u') {
      const path = words.slice(9).join(' ')
      parsed.conflicts.push(path)
      parsed.changes.push({ path, change: 'changed' })
    }
  }
  parsed.changes.sort((a, b) => (a.path < b.path ? -1 : 1))
  parsed.conflicts.sort()
  return parsed
}

function readHeader(parsed: ParsedStatus, [name, first = '', second = '']: string[]): void {
  switch (name) {
    case 'branch.oid':
      parsed.hasCommits = first !== '(initial)'
      return
    case 'branch.head':
      parsed.branch = first === '(detached)' ? null : first
      return
    case 'branch.upstream':
      parsed.upstream = first
      return
    case 'branch.ab':
      parsed.hasCounts = true
      parsed.ahead = Number(first.slice(1))
      parsed.behind = Number(second.slice(1))
      return
    default:
      return
  }
}

function changeOf(code: string): 'added' | 'changed' | 'deleted' {
  if (code.includes('D')) return 'deleted'
  return code.startsWith('A') ? 'added' : 'changed'
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}
