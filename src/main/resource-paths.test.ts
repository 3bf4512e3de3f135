import { expect, it } from 'vitest'
import { plainFiles } from './resource-paths'

const moved = (path: string) => plainFiles(new URL(`file://${path}`)).pathname

it('plain files of the packaged app are beside its archive, and elsewhere where they are', () => {
  expect(moved('/opt/Berth/resources/app.asar/resources/icons')).toBe('/opt/Berth/resources/app.asar.unpacked/resources/icons')
  expect(moved('/C:/Programs/Berth/resources/app.asar/resources/icons')).toBe(
    '/C:/Programs/Berth/resources/app.asar.unpacked/resources/icons',
  )
  for (const path of ['/home/me/berth/resources/icons', '/usr/lib/berth/resources/icons', '/opt/Berth/resources/app/resources/icons'])
    expect(moved(path)).toBe(path)
})
