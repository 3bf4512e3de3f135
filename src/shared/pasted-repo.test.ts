import { expect, it } from 'vitest'
import { parsePastedRepo } from './pasted-repo'

it.each([
  // As they are.
  ['https://github.com/owner/repo.git', 'https://github.com/owner/repo.git', null],
  ['https://github.com/owner/repo', 'https://github.com/owner/repo', null],
  [' https://host/group/sub/repo.git\n', 'https://host/group/sub/repo.git', null],
  ['https://host/x.git?token=1', 'https://host/x.git?token=1', null],
  ['http://me:s%23cret@host:8080/a/b.git', 'http://me:s%23cret@host:8080/a/b.git', null],
  ['git@github.com:owner/repo.git', 'git@github.com:owner/repo.git', null],
  ['ssh://git@host:2222/owner/repo', 'ssh://git@host:2222/owner/repo', null],
  ['git://host/demo', 'git://host/demo', null],
  ['git+ssh://git@host/owner/repo', 'ssh://git@host/owner/repo', null],
  ['git+https://host/owner/repo.git', 'https://host/owner/repo.git', null],
  // A ref behind a hash.
  ['https://host/owner/repo.git#feature/x', 'https://host/owner/repo.git', 'feature/x'],
  ['https://host/owner/repo.git#a%20b%', 'https://host/owner/repo.git', 'a%20b%'],
  ['https://host/owner/repo.git#caf%C3%A9', 'https://host/owner/repo.git', 'café'],
  ['https://host/owner/repo.git#', 'https://host/owner/repo.git', null],
  ['git@host:owner/repo.git#v1.2', 'git@host:owner/repo.git', 'v1.2'],
  ['ssh://git@host/repo#main', 'ssh://git@host/repo', 'main'],
  ['owner/repo#main', 'https://github.com/owner/repo.git', 'main'],
  // Short forms.
  ['owner/repo', 'https://github.com/owner/repo.git', null],
  ['some-owner/some.repo_1.git', 'https://github.com/some-owner/some.repo_1.git', null],
  ['github.com/owner/repo', 'https://github.com/owner/repo', null],
  ['git.example.co.uk/group/sub/repo', 'https://git.example.co.uk/group/sub/repo', null],
  // Pages of GitHub, its own or another's.
  ['https://github.com/owner/repo/tree/main', 'https://github.com/owner/repo.git', 'main'],
  ['github.com/owner/repo/tree/feature/x/', 'https://github.com/owner/repo.git', 'feature/x'],
  ['https://github.com/owner/repo/tree/caf%C3%A9?tab=readme', 'https://github.com/owner/repo.git', 'café'],
  ['https://github.com/owner/repo/pull/17', 'https://github.com/owner/repo.git', 'refs/pull/17/head'],
  ['https://github.com/owner/repo/pull/17/files#diff-1', 'https://github.com/owner/repo.git', 'refs/pull/17/head'],
  ['https://github.com/owner/repo/commit/0123abc', 'https://github.com/owner/repo.git', '0123abc'],
  ['https://token@git.corp:8443/owner/repo.git/tree/main', 'https://token@git.corp:8443/owner/repo.git', 'main'],
  // Pages of GitLab.
  ['https://gitlab.com/owner/repo/-/tree/a/b?ref_type=heads', 'https://gitlab.com/owner/repo.git', 'a/b'],
  ['https://git.corp/group/sub/repo/-/merge_requests/5/diffs', 'https://git.corp/group/sub/repo.git', 'refs/merge-requests/5/head'],
  ['https://git.corp/group/sub/repo/-/commit/0123abc', 'https://git.corp/group/sub/repo.git', '0123abc'],
  // No pages of a ref.
  ['https://github.com/owner/repo/pull/new', 'https://github.com/owner/repo/pull/new', null],
  ['https://github.com/owner/repo/tree', 'https://github.com/owner/repo/tree', null],
  ['https://github.com/owner/repo/issues/3', 'https://github.com/owner/repo/issues/3', null],
  ['https://host/a/tree/b', 'https://host/a/tree/b', null],
  // Left to who checks URLs.
  ['./owner/repo', './owner/repo', null],
  ['../repo', '../repo', null],
  ['/etc', '/etc', null],
  ['-owner/repo', '-owner/repo', null],
  ['github.com/owner', 'github.com/owner', null],
  ['ext::sh -c id', 'ext::sh -c id', null],
  ['', '', null],
])('“%s” is %s at %s', (text, url, ref) => expect(parsePastedRepo(text)).toEqual({ url, ref }))
