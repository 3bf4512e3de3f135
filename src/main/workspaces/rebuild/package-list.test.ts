import { expect, it } from 'vitest'
import { parsePackageList, withoutPackages } from './package-list'

it('reads the manager and the names', () => {
  expect(parsePackageList('apt\ntree\nlibc6:i386\ng++\n')).toEqual({ manager: 'apt', names: ['tree', 'libc6:i386', 'g++'] })
  expect(parsePackageList('pacman\nbase\n')).toEqual({ manager: 'pacman', names: ['base'] })
})

it('leaves out invalid names, such as an option of the package manager', () => {
  expect(parsePackageList('apt\n-oDpkg::Options::=x\n--purge\na b\n$(x)\ntree\n')?.names).toEqual(['tree'])
  expect(parsePackageList(`apt\n${'a'.repeat(200)}\n`)?.names).toEqual([])
})

it('knows nothing of another manager', () => {
  expect(parsePackageList('apk\ntree\n')).toBeNull()
  expect(parsePackageList('')).toBeNull()
})

it('tells what one list has over another of the same manager', () => {
  const list = { manager: 'apt', names: ['tree', 'git', 'bat'] } as const
  expect(withoutPackages({ ...list, names: [...list.names] }, { manager: 'apt', names: ['git'] }).names).toEqual(['bat', 'tree'])
  expect(withoutPackages({ ...list, names: [...list.names] }, { manager: 'pacman', names: ['git'] }).names).toEqual(['bat', 'git', 'tree'])
})
