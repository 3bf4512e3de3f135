import { describe, expect, it } from 'vitest'
import type { HostRecords, WorkspaceRecord } from '../../settings/records'
import { type GithubImport, readGithubImport } from './github-import'

const services = {
  github: {
    repository: (owner: string, repo: string) => Promise.resolve({ owner, repo, url: `https://github.com/${owner}/${repo}.git` }),
  },
  records: {
    findByName: (name: string) => (name === 'my-app' ? ({ name } as WorkspaceRecord) : null),
    hosts: { findByName: () => null } as unknown as HostRecords,
  },
}
const read = (options: GithubImport) => readGithubImport(services, options, new AbortController().signal)

describe('an import from GitHub', () => {
  it('proposes a name like the repository’s that is free', async () => {
    expect(await read({ repository: 'octocat/Hello.World' })).toEqual({
      name: 'hello-world',
      clone: 'https://github.com/octocat/Hello.World.git',
    })
    expect(await read({ repository: 'octocat/My_App' })).toMatchObject({ name: 'my-app-2' })
    expect(await read({ repository: 'octocat/app', name: 'mine', label: 'App' })).toMatchObject({ name: 'mine', label: 'App' })
  })

  it('takes a branch, a pull request, or what the address says', async () => {
    expect(await read({ repository: 'octocat/app', branch: 'develop' })).toMatchObject({ branch: 'develop' })
    expect(await read({ repository: 'octocat/app', pullRequest: 7 })).toMatchObject({ branch: 'refs/pull/7/head' })
    expect(await read({ repository: 'https://github.com/octocat/app/tree/next' })).toMatchObject({ branch: 'next' })
    await expect(read({ repository: 'octocat/app', branch: 'develop', pullRequest: 7 })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'pullRequest' }] },
    })
  })
})
