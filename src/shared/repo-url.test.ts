import { describe, expect, it } from 'vitest'
import { readRepo, repoProblem, repoUrlProblem, splitRepoUrl } from './repo-url'

describe('the URL of a repository', () => {
  it.each([
    'https://github.com/owner/repo.git',
    'http://host.docker.internal:8080/demo.git',
    'ssh://git@example.com:2222/owner/repo',
    'git://172.17.0.1/demo',
    'git@github.com:owner/repo.git',
    'host:path',
  ])('may be %s', (url) => expect(repoUrlProblem(url)).toBeNull())

  it.each([
    '',
    '-uupload-pack=touch /tmp/x',
    '--upload-pack=x',
    'ext::sh -c id',
    'ext::id',
    'fd::7',
    'transport::https://host/x',
    'file:///etc/passwd',
    'https://',
    'https://host',
    'https://-host/x',
    'git@-oProxyCommand=x:repo',
    'host:-x',
    'host:',
    ':repo',
    '/etc',
    './relative:path',
    'https://host/a b',
    'https://host/a\u0000b',
    `https://host/${'a'.repeat(3000)}`,
    'https://a:b%0ac@host/x',
  ])('may not be “%s”', (url) => expect(repoUrlProblem(url)).toEqual(expect.any(String)))
})

it.each([
  ['https://me:s%40cret@host/x.git', 'https://host/x.git', { username: 'me', password: 's@cret' }],
  ['https://me:a@b@host:8443/x@y', 'https://host:8443/x@y', { username: 'me', password: 'a@b' }],
  ['HTTPS://token@host/x', 'HTTPS://host/x', { username: 'token', password: '' }],
  ['http://host/x', 'http://host/x', null],
  ['ssh://git:pw@host:22/x', 'ssh://git@host:22/x', null],
  ['git@host:x', 'git@host:x', null],
])('of %s may be shown as %s', (given, url, credential) => expect(splitRepoUrl(given)).toEqual({ url, credential }))

it('that is refused is shown without what is secret in it', () => {
  expect(() => readRepo('https://me:secret@host')).toThrow(
    expect.objectContaining({ data: expect.objectContaining({ url: 'https://***@host' }) }),
  )
  expect(() => readRepo('ftp://me:secret@host/x')).toThrow('“ftp://***@host/x”')
})

it('is read with its ref and its credential', () => {
  expect(readRepo('https://me:pw@git.corp/a/b/-/merge_requests/5')).toEqual({
    url: 'https://git.corp/a/b.git',
    credential: { username: 'me', password: 'pw' },
    ref: 'refs/merge-requests/5/head',
  })
})

it('is refused with a ref that can be none', () => {
  expect(repoProblem('owner/repo#feature/x')).toBeNull()
  expect(repoProblem('owner/repo#-x')).toContain('“-x”')
  expect(() => readRepo('https://github.com/owner/repo/tree/a..b')).toThrow('cannot be cloned')
})
