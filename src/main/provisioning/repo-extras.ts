import { reasonIn } from './repo-failure'
import { type RepoWork, runInside, succeeds } from './repo-git'

/** Of submodules in submodules. */
const MOST_LEVELS = 10
/** git's mode of a submodule in a list of files. */
const SUBMODULE_MODE = '160000'
const SUBMODULES_FILE = '.gitmodules'
const ATTRIBUTES_FILES = ':(glob)**/.gitattributes'

/**
 * Fetches what a checkout leaves out: large files (LFS) and submodules. Failures become notices, and the rest is fetched anyway. `folder`
 * is where the repository is, `shownAs` its name in notices; empty for the main repository.
 */
export async function bringExtras(work: RepoWork, folder: string, shownAs = '', level = 0): Promise<void> {
  const extras = await findExtras(work, folder)
  if (extras.hasLargeFiles) await bringLargeFiles(work, folder, shownAs)
  if (level === MOST_LEVELS) return
  for (const path of extras.submodules) {
    const name = shownAs === '' ? path : `${shownAs}/${path}`
    if (await bringSubmodule(work, folder, path, name)) await bringExtras(work, `${folder}/${path}`, name, level + 1)
  }
}

/** Says what of a checkout has to be fetched from servers still. */
export async function noteExtras(work: RepoWork, folder: string): Promise<void> {
  const { hasLargeFiles, submodules } = await findExtras(work, folder)
  if (hasLargeFiles) work.notice('Its large files (LFS) were not copied. Run “git lfs pull” in the repository.')
  if (submodules.length > 0) work.notice('Its submodules were not copied. Run “git submodule update --init --recursive” in the repository.')
}

interface Extras {
  hasLargeFiles: boolean
  /** Their paths. */
  submodules: string[]
}

/** The first question is small, and the last for most repositories. */
async function findExtras(work: RepoWork, folder: string): Promise<Extras> {
  const git = ['git', '-C', folder]
  const signs = await listed(work, [...git, 'ls-files', '-z', '--', SUBMODULES_FILE, ATTRIBUTES_FILES])
  const usesLfs = [...git, 'grep', '--quiet', '--cached', '-e', 'filter=lfs', '--', ATTRIBUTES_FILES]
  return {
    hasLargeFiles: signs.some((path) => path !== SUBMODULES_FILE) && (await succeeds(work, usesLfs)),
    submodules: signs.includes(SUBMODULES_FILE) ? await submodulePaths(work, folder) : [],
  }
}

/** Those that are declared and are in the checkout: one or the other alone is none. */
async function submodulePaths(work: RepoWork, folder: string): Promise<string[]> {
  const file = `${folder}/${SUBMODULES_FILE}`
  const entries = await listed(work, ['git', 'config', '--null', '--file', file, '--get-regexp', String.raw`^submodule\..*\.path$`])
  // The name, a line end, and the value.
  const declared = entries.map((entry) => entry.slice(entry.indexOf('\n') + 1))
  if (declared.length === 0) return []
  const staged = await listed(work, ['git', '--literal-pathspecs', '-C', folder, 'ls-files', '--stage', '-z', '--', ...declared])
  return staged.filter((entry) => entry.startsWith(SUBMODULE_MODE)).map((entry) => entry.slice(entry.indexOf('\t') + 1))
}

async function listed(work: RepoWork, command: string[]): Promise<string[]> {
  const { stdout } = await runInside(work, command)
  return stdout.split('\0').filter((entry) => entry !== '')
}

/** One by one, because git gives up completely if one fails. Returns whether it succeeded. */
async function bringSubmodule(work: RepoWork, folder: string, path: string, name: string): Promise<boolean> {
  work.onProgress(null, `Submodule ${name}`)
  const command = ['git', '-C', folder, 'submodule', 'update', '--init', '--', path]
  const { exitCode, stderr } = await runInside(work, command)
  if (exitCode === 0) return true
  work.notice(
    `The submodule ${name} could not be cloned: ${reasonIn(stderr.split('\n')) ?? 'git gave no reason'}. Try again with “git submodule update --init --recursive”.`,
  )
  return false
}

async function bringLargeFiles(work: RepoWork, folder: string, shownAs: string): Promise<void> {
  if (!(await succeeds(work, ['git', 'lfs', 'version']))) {
    // Of one repository it is enough to say it once.
    if (shownAs === '')
      work.notice('Its large files are placeholders: git-lfs is not installed. Install it, then run “git lfs pull” in the repository.')
    return
  }
  work.onProgress(null, shownAs === '' ? 'Large files' : `Large files of ${shownAs}`)
  await runInside(work, ['git', '-C', folder, 'lfs', 'install', '--local'])
  const { exitCode, stderr } = await runInside(work, ['git', '-C', folder, 'lfs', 'pull'])
  if (exitCode !== 0)
    work.notice(
      `Its large files could not be fetched: ${reasonIn(stderr.split('\n')) ?? 'git gave no reason'}. Try again with “git lfs pull”.`,
    )
}
