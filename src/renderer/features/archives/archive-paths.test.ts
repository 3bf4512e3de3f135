import { describe, expect, it } from 'vitest'
import { archivePath, filePathProblem, folderOf, nameFromPath, ownFolder } from './archive-paths'

describe('the path of an exported file', () => {
  it.each([
    ['/home/ada/.config/berth', '/home/ada/api.berth'],
    ['/Users/ada/Library/Application Support/Berth', '/Users/ada/api.berth'],
    ['C:\\Users\\ada\\AppData\\Roaming\\Berth', 'C:\\Users\\ada\\api.berth'],
    ['/srv/berth', '/srv/berth/api.berth'],
  ])('is proposed in the own folder of who has %s', (berthHome, path) => {
    expect(archivePath(ownFolder(berthHome), 'api')).toBe(path)
  })

  it.each([
    ['/home/ada/api.berth', '/home/ada'],
    ['/api.berth', '/'],
    ['C:\\files\\api.berth', 'C:\\files'],
    ['api.berth', null],
  ])('%s is in %s', (path, folder) => {
    expect(folderOf(path)).toBe(folder)
  })

  it.each(['/a.berth', 'C:\\a.berth', 'C:/a.berth', '\\\\server\\share\\a.berth'])('can be %s', (path) => {
    expect(filePathProblem(path)).toBeNull()
  })

  it.each(['', 'a.berth', './a.berth', '~/a.berth', '/home/', 'C:\\'])('cannot be “%s”', (path) => {
    expect(filePathProblem(path)).not.toBeNull()
  })
})

describe('the name of an imported workspace', () => {
  it.each([
    ['/home/ada/api.berth', 'api'],
    ['/home/ada/API.berth', 'api'],
    ['/home/ada/taken.berth', 'taken-2'],
    ['/home/ada/my files.berth', ''],
    ['/home/ada/', ''],
  ])('by %s is “%s”', (path, name) => {
    expect(nameFromPath(path, new Set(['taken']))).toBe(name)
  })
})
