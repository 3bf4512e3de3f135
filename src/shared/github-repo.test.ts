import { describe, expect, it } from 'vitest'
import { parseGithubRepo } from './github-repo'

describe('a repository of GitHub', () => {
  it.each([
    ['octocat/hello-world', 'octocat', 'hello-world', null],
    ['github.com/octocat/hello.world', 'octocat', 'hello.world', null],
    ['https://github.com/octocat/hello.git', 'octocat', 'hello', null],
    ['https://github.com/octocat/hello/tree/feature/x', 'octocat', 'hello', 'feature/x'],
    ['https://github.com/octocat/hello/pull/7', 'octocat', 'hello', 'refs/pull/7/head'],
    ['octocat/hello#v1', 'octocat', 'hello', 'v1'],
    ['git@github.com:octocat/hello.git', 'octocat', 'hello', null],
    ['ssh://git@github.com/octocat/hello.git', 'octocat', 'hello', null],
  ])('is read from %s', (text, owner, repo, ref) => {
    expect(parseGithubRepo(text)).toEqual({ owner, repo, ref })
  })

  it.each(['octocat', '', 'https://gitlab.com/a/b.git', '/home/me/work', 'git@github.com:octocat', 'https://github.com.evil.test/a/b'])(
    'is not %j',
    (text) => {
      expect(() => parseGithubRepo(text)).toThrow(expect.objectContaining({ code: 'REPO_URL_INVALID' }))
    },
  )
})
