import { describe, expect, it } from 'vitest'
import { parseRepositoryStatus, repositoryPaths } from './repository-status'

describe('the status of a repository', () => {
  it('has the branch, its upstream, how far they are apart, and how many files have changed', () => {
    const output = [
      '# branch.oid 3f1c2a9d8e7b6c5a4f3e2d1c0b9a8f7e6d5c4b3a',
      '# branch.head feature/docks',
      '# branch.upstream origin/feature/docks',
      '# branch.ab +2 -1',
      '1 .M N... 100644 100644 100644 1111111 2222222 src/a file.ts',
      '2 R. N... 100644 100644 100644 1111111 2222222 R100 new.ts\told.ts',
      '? notes/',
      '',
    ].join('\n')
    expect(parseRepositoryStatus(output)).toEqual({
      branch: 'feature/docks',
      commit: '3f1c2a9d8e7b6c5a4f3e2d1c0b9a8f7e6d5c4b3a',
      upstream: 'origin/feature/docks',
      ahead: 2,
      behind: 1,
      changedFiles: 3,
    })
  })

  it('says what is not known of a new repository, a detached head and a branch whose upstream is gone', () => {
    const unknown = { upstream: null, ahead: null, behind: null, changedFiles: 0 }
    expect(parseRepositoryStatus('# branch.oid (initial)\n# branch.head main\n')).toEqual({ ...unknown, branch: 'main', commit: null })
    expect(parseRepositoryStatus('# branch.oid abc\n# branch.head (detached)\n')).toEqual({ ...unknown, branch: null, commit: 'abc' })
    expect(parseRepositoryStatus('# branch.oid abc\n# branch.head main\n# branch.upstream origin/main\n')).toEqual({
      ...unknown,
      ...{ branch: 'main', commit: 'abc', upstream: 'origin/main' },
    })
  })

  it('ignores invalid counts from inside', () => {
    expect(parseRepositoryStatus('# branch.ab many few\n')).toMatchObject({ ahead: null, behind: null })
    expect(parseRepositoryStatus('# branch.ab +1e400 -0.5\n')).toMatchObject({ ahead: null, behind: null })
  })
})

it('looks where Berth has cloned, and into the folder of a host workspace', () => {
  const furtherRepos = [{ url: 'https://example.com/b.git', branch: null, folder: 'b' }]
  expect(repositoryPaths({ repo: 'https://example.com/a.git', furtherRepos, host: null })).toEqual([
    '/home/workspace/repo',
    '/home/workspace/b',
  ])
  expect(repositoryPaths({ repo: null, furtherRepos: [], host: null })).toEqual([])
  const host = { folder: '/srv/api', created: false } as never
  expect(repositoryPaths({ repo: null, furtherRepos: [], host })).toEqual(['/srv/api'])
  expect(repositoryPaths({ repo: 'https://example.com/a.git', furtherRepos: [], host })).toEqual(['/srv/api/repo'])
})
