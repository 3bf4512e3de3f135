import { expect, it } from 'vitest'
import { maskSecrets } from './mask-secrets'

it('secrets are masked wherever they stand, in each form', () => {
  const report = {
    lines: ['token=p/w "x"', 'at https://me:p%2Fw%20%22x%22@host/', 'json "p/w \\"x\\""'],
    nested: [{ count: 3, none: null, text: 'nothing here' }],
  }
  expect(maskSecrets(report, ['p/w "x"'])).toEqual({
    lines: ['token=***', 'at https://me:***@host/', 'json "***"'],
    nested: [{ count: 3, none: null, text: 'nothing here' }],
  })
})

it('the longer of two that contain each other is masked whole, and a short one leaves words alone', () => {
  expect(maskSecrets('secret-and-more, secret, one', ['secret', 'secret-and-more', 'one', ''])).toBe('***, ***, one')
})
