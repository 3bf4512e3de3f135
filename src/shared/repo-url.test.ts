import { describe, expect, it } from 'vitest'
import { repoUrlProblem } from './repo-url'

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
  ])('may not be “%s”', (url) => expect(repoUrlProblem(url)).toEqual(expect.any(String)))
})
