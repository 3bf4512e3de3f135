import { describe, expect, it } from 'vitest'
import { proposeCopyName } from './free-name'

describe('the name proposed for a copy', () => {
  it.each([
    ['api', ['api'], 'api-2'],
    ['api', ['api', 'api-2', 'api-3'], 'api-4'],
    ['api-2', ['api', 'api-2'], 'api-3'],
    ['node-20', ['node-20'], 'node-20-2'],
    ['api-2', ['api-2'], 'api-2-2'],
  ])('of %s where there are %j is %s', (name, taken, proposed) => {
    expect(proposeCopyName(name, new Set(taken))).toBe(proposed)
  })
})
