import { expect, it } from 'vitest'
import { visibleText } from './visible-text'

it('shows what would change or hide the rest of a text, and leaves all else', () => {
  expect(visibleText('report\u202efdp.exe')).toBe('report\\u202efdp.exe')
  expect(visibleText('a\u0007b\u001b[31mc\u0085d\re')).toBe('a\\u0007b\\u001b[31mc\\u0085d\\u000de')
  for (const text of ['two\n\tlines', 'שלום', 'مرحبا', 'naïve – “quoted”', '👩‍💻']) expect(visibleText(text)).toBe(text)
})
