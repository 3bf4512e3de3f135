import { expect, it } from 'vitest'
import { nearestName } from './nearest-name'

it.each([
  ['lable', 'label'],
  ['Label', 'label'],
  ['limit', 'limits'],
  ['colne', 'clone'],
  ['nam', 'name'],
  ['sshPort', 'sshPorts'],
])('“%s” was probably “%s”', (given, meant) => {
  expect(nearestName(given, ['name', 'label', 'clone', 'image', 'limits', 'sshPorts'])).toBe(meant)
})

it.each(['xyz', '', 'completely-else', 'x'.repeat(10_000)])('“%s” is near to none', (given) => {
  expect(nearestName(given, ['name', 'label', 'clone'])).toBeNull()
})
