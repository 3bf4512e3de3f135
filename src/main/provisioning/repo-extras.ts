import { type RepoWork, runInside, succeeds } from './repo-git'

/** Of submodules in submodules. */
const MOST_LEVELS = 10
/** git's mode of a submodule in a list of files. */
const SUBMODULE_MODE = '160000'

/**
 * Brings what a checkout leaves out: large files (LFS) and submodules. What cannot be had becomes a notice, and the rest is brought all the
 * same. `folder` is where the repository is, `shownAs` what it is called in notices; empty for the whole.
 */
export async function bringExtras(work: RepoWork, folder: string, shownAs = '', level = 0): Promise<void> {
  await bringLargeFiles(work, folder, shownAs)
  if (level === MOST_LEVELS) return
  for (const path of await submodulePaths(work, folder)) {
    const name = shownAs === '' ? path : `${shownAs}/${path}`
    if (await bringSubmodule(work, folder, path, name)) await bringExtras(work, `${folder}/${path}`, name, level + 1)
  }
}

async function submodulePaths(work: RepoWork, folder: string): Promise<string[]> {
  const { stdout } = await runInside(work, ['git', '-C', folder, 'ls-files', '--stage', '-z'])
  return stdout
    .split('\0')
    .filter((entry) => entry.startsWith(SUBMODULE_MODE))
    .map((entry) => entry.slice(entry.indexOf('\t') + 1))
}

/** One by one: git gives up all when one fails. Whether it is there. */
async function bringSubmodule(work: RepoWork, folder: string, path: string, name: string): Promise<boolean> {
  work.onProgress(null, `Submodule ${name}`)
  const command = ['git', '-C', folder, 'submodule', 'update', '--init', '--', path]
  const { exitCode, stderr } = await runInside(work, command)
  if (exitCode === 0) return true
  work.notice(`The submodule ${name} could not be cloned: ${reasonIn(stderr)}. Try again with “git submodule update --init --recursive”.`)
  return false
}

async function bringLargeFiles(work: RepoWork, folder: string, shownAs: string): Promise<void> {
  const usesLfs = ['git', '-C', folder, 'grep', '--quiet', '--cached', '-e', 'filter=lfs', '--', ':(glob)**/.gitattributes']
  if (!(await succeeds(work, usesLfs))) return
  if (!(await succeeds(work, ['git', 'lfs', 'version']))) {
    // Of one repository it is enough to say it once.
    if (shownAs === '')
      work.notice('Its large files are placeholders: git-lfs is not installed. Install it, then run “git lfs pull” in the repository.')
    return
  }
  work.onProgress(null, shownAs === '' ? 'Large files' : `Large files of ${shownAs}`)
  await runInside(work, ['git', '-C', folder, 'lfs', 'install', '--local'])
  const { exitCode, stderr } = await runInside(work, ['git', '-C', folder, 'lfs', 'pull'])
  if (exitCode !== 0) work.notice(`Large files could not be fetched: ${reasonIn(stderr)}. Try again with “git lfs pull”.`)
}

/** git says the cause first, and then what it gives up for it. */
function reasonIn(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '')
  const fatal = lines.find((line) => line.startsWith('fatal: ')) ?? lines.at(-1) ?? 'git gave no reason'
  return fatal.slice(0, 300)
}
