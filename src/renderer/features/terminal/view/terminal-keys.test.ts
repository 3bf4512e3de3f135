import { describe, expect, it } from 'vitest'
import { keyOwner } from './terminal-keys'

function ownerOf(combination: string, isMac = false) {
  const parts = combination.split('+')
  const held = (name: string) => parts.includes(name)
  return keyOwner(
    { key: parts.at(-1) ?? '', ctrlKey: held('Ctrl'), shiftKey: held('Shift'), altKey: held('Alt'), metaKey: held('Meta') },
    isMac,
  )
}

describe('a key pressed in a terminal', () => {
  it.each(['a', 'Ctrl+k', 'Ctrl+c', 'Ctrl+v', 'Ctrl+p', 'Alt+v', 'Ctrl+Alt+c', 'Shift+A', 'Insert', 'Enter'])(
    '%s goes to the shell',
    (combination) => {
      expect(ownerOf(combination)).toBe('shell')
      expect(ownerOf(combination, true)).toBe('shell')
    },
  )

  it.each(['Meta+k', 'Ctrl+Shift+P', 'Ctrl+,'])('%s goes to the app', (combination) => {
    expect(ownerOf(combination)).toBe('app')
    expect(ownerOf(combination, true)).toBe('app')
  })

  it('copies and pastes with what each system is used to', () => {
    expect(ownerOf('Ctrl+Shift+C')).toBe('copy')
    expect(ownerOf('Ctrl+Insert')).toBe('copy')
    expect(ownerOf('Ctrl+Shift+V')).toBe('browser')
    expect(ownerOf('Shift+Insert')).toBe('browser')
    expect(ownerOf('Meta+c', true)).toBe('copy')
    expect(ownerOf('Meta+v', true)).toBe('browser')
  })
})
