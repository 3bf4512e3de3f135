import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { findLocalRepo } from './local-repo'

let folder: string
const git = (...args: string[]) => execFileSync('git', ['-C', folder, '-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args])

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'berth-local-repo-')))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

it('finds the repository that a folder is in, and where in it', async () => {
  git('init', '-q')
  mkdirSync(join(folder, 'a', 'b'), { recursive: true })
  await expect(findLocalRepo(folder)).rejects.toMatchObject({ code: 'REPO_URL_INVALID', data: { reason: 'It has no commits yet.' } })
  writeFileSync(join(folder, 'file'), '')
  git('add', '.')
  git('commit', '-q', '-m', 'Begin')
  expect(await findLocalRepo(folder)).toEqual({ root: folder, folder: null })
  expect(await findLocalRepo(join(folder, 'a/b'))).toEqual({ root: folder, folder: 'a/b' })
})

it('refuses a folder without a repository, and reports missing git', async () => {
  await expect(findLocalRepo(folder)).rejects.toMatchObject({ code: 'REPO_URL_INVALID', data: { url: folder } })
  await expect(findLocalRepo(join(folder, 'none'))).rejects.toMatchObject({ code: 'REPO_URL_INVALID' })
  vi.stubEnv('PATH', folder)
  await expect(findLocalRepo(folder)).rejects.toMatchObject({ code: 'GIT_UNAVAILABLE' })
})
