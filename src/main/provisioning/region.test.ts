import { expect, it } from 'vitest'
import { hostRegion, regionVariables } from './region'

const HERE = { timeZone: 'Europe/Vienna', language: 'de-AT' }
const host = { timeZone: 'Europe/Vienna', locale: 'de_AT.UTF-8' }
const ofHost = { timeZone: null, locale: null }
const labels = { 'dev.berth.locales': 'de_AT en_US' }

it.each([
  [{ LANG: 'de_AT.UTF-8' }, 'de_AT.UTF-8'],
  [{ LANG: 'de_AT@euro' }, 'de_AT.UTF-8'],
  [{ LANG: 'en_US.ISO-8859-1', LC_ALL: '' }, 'en_US.UTF-8'],
  [{ LANG: 'de_AT.UTF-8', LC_ALL: 'fr_FR.utf8' }, 'fr_FR.UTF-8'],
  [{ LANG: 'C.UTF-8' }, null],
  [{ LANG: 'POSIX' }, null],
  [{}, null],
])('on Linux %j says that the locale is %s', (environment, locale) => {
  expect(hostRegion(environment, 'linux', HERE)).toEqual({ timeZone: 'Europe/Vienna', locale })
})

it('elsewhere the language of the desktop counts where no variable says more', () => {
  expect(hostRegion({}, 'darwin', HERE).locale).toBe('de_AT.UTF-8')
  expect(hostRegion({}, 'darwin', { ...HERE, language: 'zh-Hant-TW' }).locale).toBe('zh_TW.UTF-8')
  expect(hostRegion({}, 'darwin', { ...HERE, language: 'en' }).locale).toBeNull()
  expect(hostRegion({ LANG: 'C' }, 'darwin', HERE).locale).toBeNull()
})

it('this machine has a time zone that programs know', () => {
  const { timeZone } = hostRegion({}, 'linux')
  expect(new Intl.DateTimeFormat('en', { timeZone: timeZone ?? '' }).resolvedOptions().timeZone).toBe(timeZone)
})

it('a workspace has those of the host, unless the settings say otherwise', () => {
  expect(regionVariables(ofHost, host, labels)).toEqual({ TZ: 'Europe/Vienna', LANG: 'de_AT.UTF-8' })
  expect(regionVariables({ timeZone: 'UTC', locale: 'en_US.UTF-8' }, host, labels)).toEqual({ TZ: 'UTC', LANG: 'en_US.UTF-8' })
  expect(regionVariables({ timeZone: null, locale: 'C.UTF-8' }, host, labels)).toEqual({ TZ: 'Europe/Vienna', LANG: 'C.UTF-8' })
})

it('a locale that is missing in the image or unknown is left out', () => {
  expect(regionVariables(ofHost, host, {})).toEqual({ TZ: 'Europe/Vienna' })
  expect(regionVariables({ timeZone: null, locale: 'fr_FR.UTF-8' }, host, labels)).toEqual({ TZ: 'Europe/Vienna' })
  expect(regionVariables(ofHost, { timeZone: null, locale: null }, labels)).toEqual({})
})
