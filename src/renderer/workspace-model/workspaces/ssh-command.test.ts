import { expect, it } from 'vitest'
import { sshCommand } from './ssh-command'

const demo = { name: 'demo', ports: { ssh: 2201 } }

it('is short where ssh knows the workspace by its name, and else says all there is to say', () => {
  const system = { sshKeyPath: '/home/me/My Files/id' }
  expect(sshCommand(demo, system, { installed: true })).toBe('ssh demo.berth')
  expect(sshCommand(demo, system, { installed: false })).toBe('ssh -p 2201 -i "/home/me/My Files/id" workspace@127.0.0.1')
  expect(sshCommand(demo, null, { installed: true })).toBeNull()
  expect(sshCommand({ ...demo, ports: { ssh: null } }, system, null)).toBeNull()
})
