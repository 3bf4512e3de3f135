import { expect, it } from 'vitest'
import { plainNotes } from './release-notes'

it('shows notes as plain lines', () => {
  expect(plainNotes('<h2>Added</h2>\n<p>A <b>thing</b> &lt;here&gt;</p><ul><li>x</li><li>y</li></ul>')).toBe(
    'Added\n\nA thing <here>\n\n- x\n- y',
  )
  expect(plainNotes('## Added\n\n- **A thing**: x\n- y')).toBe('Added\n\n- A thing: x\n- y')
})

it('shows those of several versions, and few lines of long ones', () => {
  expect(
    plainNotes([
      { version: '2.0.0', note: 'b' },
      { version: '1.9.0', note: null },
    ]),
  ).toBe('2.0.0\nb\n\n1.9.0')
  const long = plainNotes(Array.from({ length: 100 }, (_, index) => `- ${index}`).join('\n'))
  expect(long.split('\n')).toHaveLength(21)
  expect(long.endsWith('\n…')).toBe(true)
  expect(plainNotes('x'.repeat(9000)).length).toBeLessThan(1600)
})

it('shows nothing where there are none', () => {
  for (const none of [null, undefined, '', '  ']) expect(plainNotes(none)).toBe('')
})
