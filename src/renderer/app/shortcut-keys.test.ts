import { expect, it } from 'vitest'
import { matchesKeys } from './shortcut-keys'

const NONE = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, key: '', code: '' }
const event = (pressed: Partial<typeof NONE>) => ({ ...NONE, ...pressed }) as KeyboardEvent

it.each<[string, Partial<typeof NONE>, boolean]>([
  ['Mod K', { ctrlKey: true, key: 'k' }, true],
  ['Mod K', { ctrlKey: true, shiftKey: true, key: 'K' }, false],
  ['Mod K', { key: 'k' }, false],
  ['Mod Shift P', { ctrlKey: true, shiftKey: true, key: 'P' }, true],
  ['Mod Shift P', { ctrlKey: true, altKey: true, shiftKey: true, key: 'P' }, false],
  ['Mod ,', { ctrlKey: true, key: ',' }, true],
  ['Alt N', { altKey: true, key: '˜', code: 'KeyN' }, true],
  ['Alt N', { altKey: true, shiftKey: true, code: 'KeyN' }, false],
  ['Alt 4', { altKey: true, code: 'Digit4' }, true],
  ['Alt ↓', { altKey: true, code: 'ArrowDown' }, true],
  ['?', { shiftKey: true, key: '?' }, true],
  ['/', { key: '/' }, true],
  ['/', { ctrlKey: true, key: '/' }, false],
])('%s and %j: %s', (keys, pressed, expected) => {
  expect(matchesKeys(keys, event(pressed))).toBe(expected)
})
