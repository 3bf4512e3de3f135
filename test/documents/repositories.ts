import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

const AUTHOR = ['-c', 'user.name=Grace', '-c', 'user.email=grace@example.com']

/** Bare repositories as pages name them, below the folder. */
export async function makeRepositories(folder: string): Promise<void> {
  const library = { 'workspace-template/shop.json': '{ "name": "shop", "env_vars": { "NODE_ENV": "development" } }\n' }
  await Promise.all([
    makeRepository(join(folder, 'owner/api.git'), { 'README.md': '# API\n', 'packages/web/index.html': '<p>Hello</p>\n' }),
    makeRepository(join(folder, 'owner/shop.git'), { 'README.md': '# Shop\n' }),
    makeRepository(join(folder, 'team/library.git'), library),
  ])
}

/** With a branch `develop`, a tag `v1.2` and a pull request 17. */
async function makeRepository(bare: string, files: Record<string, string>): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'berth-repository-'))
  const git = (...args: string[]) => run('git', [...AUTHOR, '-C', work, ...args])
  await git('init', '--quiet', '--initial-branch=main')
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(work, path)), { recursive: true })
    await writeFile(join(work, path), text)
  }
  await git('add', '.')
  await git('commit', '--quiet', '--message=Begin')
  await git('tag', 'v1.2')
  await git('branch', 'develop')
  await git('update-ref', 'refs/pull/17/head', 'HEAD')
  await mkdir(dirname(bare), { recursive: true })
  await run('git', ['clone', '--quiet', '--mirror', work, bare])
  await rm(work, { recursive: true })
}
