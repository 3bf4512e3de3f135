import { expect, it } from 'vitest'
import { sshTargetOf } from './ssh-target'

it.each([
  ['git@github.com:owner/repo.git', { destination: 'git@github.com', host: 'github.com', port: null, path: 'owner/repo.git' }],
  ['host:path', { destination: 'host', host: 'host', port: null, path: 'path' }],
  ['ssh://git@host:2222/a/b', { destination: 'git@host', host: 'host', port: 2222, path: '/a/b' }],
  ['git+ssh://host/a', { destination: 'host', host: 'host', port: null, path: '/a' }],
  ['ssh://git@[::1]:22/a', { destination: 'git@::1', host: '::1', port: 22, path: '/a' }],
  ['https://host/a', null],
  ['git://host/a', null],
  ['/srv/a:b', null],
])('ssh goes for %s to %o', (url, target) => expect(sshTargetOf(url)).toEqual(target))
