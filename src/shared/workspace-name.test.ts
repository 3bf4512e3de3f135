import { describe, expect, it } from 'vitest'
import { checkWorkspaceName, nameLike, proposeName, workspaceNameProblem } from './workspace-name'

describe('a workspace name', () => {
  it.each(['a', '0', 'api-server', 'a'.repeat(63), 'x-1-y'])('may be “%s”', (name) => {
    expect(workspaceNameProblem(name)).toBeNull()
    expect(checkWorkspaceName(name)).toBe(name)
  })

  it.each([
    ['', 'Enter a name.'],
    ['A', 'Only lowercase letters are allowed: a-z, 0-9 and dashes.'],
    ['-a', 'A name must start with a letter or a digit.'],
    ['a-', 'A name must end with a letter or a digit.'],
    ['a_b', '“_” is not allowed. Use a-z, 0-9 and dashes.'],
    ['a b', 'Spaces are not allowed. Use a-z, 0-9 and dashes.'],
    ['a\n', 'Spaces are not allowed. Use a-z, 0-9 and dashes.'],
    ['../x', '“.” is not allowed. Use a-z, 0-9 and dashes.'],
    ['$(id)', '“$” is not allowed. Use a-z, 0-9 and dashes.'],
    ['é', '“é” is not allowed. Use a-z, 0-9 and dashes.'],
    ['a'.repeat(64), 'At most 63 characters are allowed; this name has 64.'],
  ])('may not be “%s”', (name, reason) => {
    expect(workspaceNameProblem(name)).toBe(reason)
    expect(() => checkWorkspaceName(name)).toThrow(
      expect.objectContaining({ code: 'NAME_INVALID', data: expect.objectContaining({ reason }) }),
    )
  })
})

describe('a proposed name', () => {
  it('is the first that is free', () => {
    const taken = new Set(['api', 'api-2'])
    expect(proposeName('api', (name) => taken.has(name))).toBe('api-3')
    expect(proposeName('web', (name) => taken.has(name))).toBe('web')
  })

  it('is cut to fit, and still valid', () => {
    const name = proposeName('a'.repeat(70), (candidate) => candidate === 'a'.repeat(63))
    expect(name).toBe(`${'a'.repeat(61)}-2`)
    expect(workspaceNameProblem(name)).toBeNull()
  })
})

describe('a name like another', () => {
  it.each([
    ['Hello-World', 'hello-world'],
    ['my.repo_name', 'my-repo-name'],
    ['-.-', 'workspace'],
    ['Ünï', 'n'],
    ['x'.repeat(100), 'x'.repeat(63)],
    [`${'x'.repeat(62)}.y`, 'x'.repeat(62)],
  ])('of %s', (text, name) => {
    expect(nameLike(text)).toBe(name)
    expect(workspaceNameProblem(name)).toBeNull()
  })
})
