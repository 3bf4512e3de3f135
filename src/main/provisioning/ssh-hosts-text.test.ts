import { describe, expect, it } from 'vitest'
import { parseHostKeys } from '../engine/host-keys'
import { knownHostsText, quotedPath, sshHostsText } from './ssh-hosts-text'

const demo = { id: 'w1', name: 'demo', sshPort: 2201, hostKeys: ['ssh-ed25519 AAAA'], credentials: 'shared' as const }

describe('the ssh config of the workspaces', () => {
  it('has a host for each that has a port, and its keys under a name that stays', () => {
    const text = sshHostsText([demo, { ...demo, name: 'new', sshPort: null }], {
      key: '/home/me/my keys/id',
      knownHosts: '/b/known_hosts',
      forwardAgent: null,
    })
    expect(text).toContain('Host demo.berth\n  HostName 127.0.0.1\n  Port 2201\n  User workspace\n  IdentityFile "/home/me/my keys/id"\n')
    expect(text).toContain('  HostKeyAlias w1.berth\n  UserKnownHostsFile /b/known_hosts\n  StrictHostKeyChecking yes\n')
    expect(text).not.toContain('new.berth')
    expect(knownHostsText([demo])).toBe('w1.berth ssh-ed25519 AAAA\n')
  })

  it('keeps the agent from a workspace that is to have no credentials, whatever holds for the others', () => {
    const hosts = [demo, { ...demo, id: 'w2', name: 'strange', credentials: 'none' as const }]
    const text = sshHostsText(hosts, { key: '/k', knownHosts: '/b/known_hosts', forwardAgent: 'yes' })
    expect(text).toContain('  HostKeyAlias w2.berth\n  UserKnownHostsFile /b/known_hosts\n  StrictHostKeyChecking yes\n  ForwardAgent no\n')
    expect(text.split('ForwardAgent')).toHaveLength(3)
  })

  it('takes from a workspace keys and nothing else', () => {
    const lines = [
      'ssh-ed25519 AAAA+/= workspace w1',
      'ecdsa-sha2-nistp256 BBBB',
      '* ssh-rsa CCCC',
      '@cert-authority * ssh-rsa DDDD',
      'ssh-rsa',
      '',
    ]
    expect(parseHostKeys(lines.join('\n'))).toEqual(['ssh-ed25519 AAAA+/=', 'ecdsa-sha2-nistp256 BBBB'])
  })

  it.each(['/a"b', '/a\nb', '/a%h', '/a$b', '/a*', '/a\\b', '/a#b'])('refuses a path that ssh would read as something else: %j', (path) => {
    expect(() => quotedPath(path)).toThrow(expect.objectContaining({ code: 'FILE_UNUSABLE' }))
  })
})
