import { expect, it } from 'vitest'
import { shadowedConfig } from './shadowed-config'

const list = (...entries: [scope: string, key: string, value: string][]) =>
  entries.map(([scope, key, value]) => `${scope}\0${key}\n${value}\0`).join('')

it('leaves alone what the user has chosen for all repositories, and what runs nothing', () => {
  expect(shadowedConfig('')).toEqual([])
  expect(
    shadowedConfig(list(['global', 'credential.helper', 'store'], ['local', 'core.bare', 'false'], ['system', 'diff.external', 'x'])),
  ).toEqual([])
})

it('puts the user’s own in the place of what the folder names, or nothing', () => {
  const listed = list(
    ['system', 'credential.helper', 'keychain'],
    ['global', 'credential.helper', 'store'],
    ['global', 'filter.lfs.clean', 'git-lfs clean -- %f'],
    ['local', 'credential.helper', 'evil'],
    ['local', 'filter.lfs.clean', 'evil'],
    ['local', 'filter.x.smudge', 'evil\nlines'],
    ['worktree', 'merge.x.driver', 'evil'],
    ['local', 'Core.sshCommand', 'evil'],
  )
  expect(shadowedConfig(listed)).toEqual([
    ['credential.helper', ''],
    ['credential.helper', 'keychain'],
    ['credential.helper', 'store'],
    ['filter.lfs.clean', 'git-lfs clean -- %f'],
    ['filter.x.smudge', ''],
    ['filter.x.required', 'false'],
    ['merge.x.driver', 'git merge-file --marker-size=%L %A %O %B'],
    ['Core.sshCommand', ''],
  ])
})
