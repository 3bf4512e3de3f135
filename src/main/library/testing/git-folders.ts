import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Folders with real git, for tests of the library. */
export interface GitFolders {
  /** Without links; everything is below it. */
  root: string
  /** git in a folder below the root; what it printed. */
  git(folder: string, ...command: string[]): string
  write(path: string, text: string): void
  dispose(): void
}

export function createGitFolders(): GitFolders {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'berth-library-')))
  const identity = [
    '-c',
    'user.name=Ada',
    '-c',
    'user.email=ada@example.com',
    '-c',
    'init.defaultBranch=main',
    '-c',
    'commit.gpgSign=false',
  ]
  return {
    root,
    git: (folder, ...command) =>
      execFileSync('git', [...identity, '-C', join(root, folder), ...command], { encoding: 'utf8', stdio: 'pipe' }),
    write(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    },
    dispose: () => rmSync(root, { recursive: true, force: true }),
  }
}
