import { expect, test } from 'vitest'
import { parseEnvironment } from './environment-options'

test('a value is everything after the first equals sign, and the last of a name wins', () => {
  expect(parseEnvironment(['A=1', 'URL=a=b=c', 'EMPTY=', 'A=2'], {})).toEqual({ A: '2', URL: 'a=b=c', EMPTY: '' })
})

test('a name alone passes on the caller’s own value', () => {
  expect(parseEnvironment(['TOKEN'], { TOKEN: 'x' })).toEqual({ TOKEN: 'x' })
  expect(() => parseEnvironment(['TOKEN'], {})).toThrow('no variable TOKEN')
})

test('what is no name is refused', () => {
  for (const pair of ['=x', '1A=x', 'A-B=x', '', 'A B=1']) expect(() => parseEnvironment([pair], {})).toThrow('is not a variable')
})

test('a variable may be called __proto__', () => {
  expect(Object.entries(parseEnvironment(['__proto__=x'], {}))).toEqual([['__proto__', 'x']])
})
