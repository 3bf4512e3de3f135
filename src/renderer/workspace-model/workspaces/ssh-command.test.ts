import { expect, it } from 'vitest'
import { sshCommand } from './ssh-command'

const demo = { name: 'demo', ports: { ssh: 2201 } }

it('is short where ssh knows the workspace by its name, and else says all there is to say', () => {
  const system = { sshConfigPath: '/home/me/My Files/config' }
  expect(sshCommand(demo, system, { installed: true })).toBe('ssh demo.berth')
  expect(sshCommand(demo, system, { installed: false })).toBe('ssh -F "/home/me/My Files/config" demo.berth')
  expect(sshCommand(demo, null, { installed: true })).toBeNull()
  expect(sshCommand({ ...demo, ports: { ssh: null } }, system, null)).toBeNull()
})
