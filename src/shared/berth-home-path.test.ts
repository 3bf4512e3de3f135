import { expect, test } from 'vitest'
import { berthHomePath } from './berth-home-path'

test('BERTH_HOME wins on every system', () => {
  for (const platform of ['linux', 'darwin', 'win32']) {
    expect(berthHomePath({ BERTH_HOME: '/elsewhere', XDG_CONFIG_HOME: '/xdg', APPDATA: 'C:\\x' }, platform, '/home/me')).toBe('/elsewhere')
  }
})

test('an empty BERTH_HOME counts as none', () => {
  expect(berthHomePath({ BERTH_HOME: '' }, 'linux', '/home/me')).toBe('/home/me/.config/berth')
})

test('each system has its own place', () => {
  expect(berthHomePath({ XDG_CONFIG_HOME: '/xdg' }, 'linux', '/home/me')).toBe('/xdg/berth')
  expect(berthHomePath({}, 'darwin', '/Users/me')).toBe('/Users/me/Library/Application Support/Berth')
  expect(berthHomePath({ APPDATA: 'C:\\Users\\me\\AppData\\Roaming' }, 'win32', 'C:\\Users\\me')).toBe(
    'C:\\Users\\me\\AppData\\Roaming\\Berth',
  )
  expect(berthHomePath({}, 'win32', 'C:\\Users\\me')).toBe('C:\\Users\\me\\AppData\\Roaming\\Berth')
})

test('a relative XDG_CONFIG_HOME is ignored', () => {
  expect(berthHomePath({ XDG_CONFIG_HOME: 'config' }, 'linux', '/home/me')).toBe('/home/me/.config/berth')
})
