/** What can be done with a library in some state. */
export const LIBRARY_ACTIONS = {
  init: 'Create the library',
  clone: 'Clone a library',
  commit: 'Commit',
  pull: 'Pull',
  'pull-merge': 'Pull and merge',
  'take-remote': 'Take the remote’s version',
  push: 'Push',
  continue: 'Finish the merge',
  abort: 'Abort the merge',
} as const satisfies Record<string, string>
export type LibraryAction = keyof typeof LIBRARY_ACTIONS
export const LIBRARY_ACTION_NAMES = Object.keys(LIBRARY_ACTIONS) as [LibraryAction, ...LibraryAction[]]

/** What is typed for each, behind “berth library”. */
export const ACTION_COMMANDS: Readonly<Record<LibraryAction, string>> = {
  ...{ init: 'init', clone: 'clone URL', commit: 'commit MESSAGE', pull: 'pull', 'pull-merge': 'pull --merge' },
  ...{ 'take-remote': 'pull --take-remote', push: 'push', continue: 'continue', abort: 'abort' },
}

/** Every state that the library’s repository can be in, with a sentence for a person; the most pressing first. A library can be in several. */
export const GIT_STATES = {
  missing: 'There is no library yet.',
  'not-a-repository': 'The folder is not a git repository, so it has no history.',
  unusable: 'git cannot use the repository in this folder.',
  conflicting: 'A merge is in progress, and some files have conflicts.',
  merging: 'A merge is in progress, and its conflicts are resolved.',
  'other-operation': 'Another git operation is in progress, such as a rebase. Finish it with git.',
  detached: 'No branch is checked out (detached HEAD). Check one out with git.',
  rewritten: 'The remote’s history was rewritten (force-pushed) and no longer has all local commits.',
  diverged: 'The library and its remote both have new commits.',
  dirty: 'There are uncommitted changes.',
  behind: 'The remote has newer commits.',
  ahead: 'There are commits that are not pushed.',
  'no-remote': 'The library has no remote.',
  clean: 'Everything is committed and was up to date with the remote at the last check.',
} as const satisfies Record<string, string>
export type GitState = keyof typeof GIT_STATES
export const GIT_STATE_NAMES = Object.keys(GIT_STATES) as [GitState, ...GitState[]]

/** What git says of a repository. */
export interface GitFacts {
  detached: boolean
  /** A merge is under way, or (`other`) something else that git has to finish. */
  underWay: 'merge' | 'other' | null
  conflicts: number
  changes: number
  hasRemote: boolean
  /** The branch has a counterpart on the remote. */
  hasUpstream: boolean
  ahead: number
  behind: number
  rewritten: boolean
}

/** The states that follow from it, the most pressing first; never none. */
export function gitStates(facts: GitFacts): GitState[] {
  const { detached, underWay, conflicts, changes, hasRemote, hasUpstream, ahead, behind, rewritten } = facts
  const found: Partial<Record<GitState, boolean>> = {
    conflicting: conflicts > 0,
    merging: underWay === 'merge' && conflicts === 0,
    'other-operation': underWay === 'other',
    detached,
    rewritten,
    diverged: ahead > 0 && behind > 0 && !rewritten,
    dirty: changes > 0 && underWay === null,
    behind: behind > 0 && ahead === 0,
    ahead: (ahead > 0 && behind === 0 && !rewritten) || (hasRemote && !hasUpstream && !detached),
    'no-remote': !hasRemote,
  }
  const states = GIT_STATE_NAMES.filter((state) => found[state])
  const isTidy = states.every((state) => state === 'no-remote')
  return isTidy ? [...states, 'clean'] : states
}

/** What can be done, the most sensible first. Each is checked again when it is its turn. */
export function gitActions(states: readonly GitState[], hasUpstream: boolean): LibraryAction[] {
  const is = (state: GitState) => states.includes(state)
  if (is('missing')) return ['init', 'clone']
  if (is('not-a-repository')) return ['init']
  if (is('unusable') || is('other-operation')) return []
  if (is('conflicting')) return ['continue', 'abort']
  if (is('merging')) return ['continue', 'abort']
  const commit: LibraryAction[] = is('dirty') ? ['commit'] : []
  if (is('detached') || is('no-remote')) return commit
  if (is('dirty')) return commit
  if (is('rewritten')) return ['take-remote', 'pull-merge']
  if (is('diverged')) return ['pull-merge']
  return [...(is('ahead') ? (['push'] as const) : []), ...(hasUpstream ? (['pull'] as const) : [])]
}
