import { describe, expect, it } from 'vitest'
import { parseSshUrl, targetArguments } from './ssh-target'

describe('an ssh address', () => {
  it.each([
    ['ssh://box', ['--', 'box']],
    ['ssh://me@Box_1', ['-l', 'me', '--', 'Box_1']],
    ['ssh://me@box:2222', ['-l', 'me', '-p', '2222', '--', 'box']],
    ['ssh://me%40corp@box', ['-l', 'me@corp', '--', 'box']],
    ['ssh://[::1]:22', ['-p', '22', '--', '::1']],
  ])('%s is told to ssh by arguments', (url, args) => {
    expect(targetArguments(parseSshUrl(url))).toEqual(args)
  })

  it('may name a socket', () => {
    expect(parseSshUrl('ssh://box/run/user/1000/docker.sock').socketPath).toBe('/run/user/1000/docker.sock')
    expect(parseSshUrl('ssh://box/').socketPath).toBeNull()
  })

  it.each([
    'ssh://-oProxyCommand=x',
    'ssh://%2doProxyCommand=x',
    'ssh://-l@box',
    'ssh://me:secret@box',
    'ssh://',
    'ssh://a%20b',
    'ssh://$(id)@box',
    'ssh://box?x=1',
    'ssh://box/a%0Ab',
    'ssh://box/a:b',
    "ssh://box/a'b",
    'ssh://box/%25h',
  ])('%s is refused', (url) => {
    expect(() => parseSshUrl(url)).toThrow(TypeError)
  })
})
