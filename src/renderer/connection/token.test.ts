import { describe, expect, it } from 'vitest'
import { parseLinkFragment } from './token'
import { retryDelay } from './websocket-transport'

describe('a link to Berth', () => {
  it('carries a token, and may name a workspace', () => {
    expect(parseLinkFragment('#token=abc_-1')).toEqual({ token: 'abc_-1', workspace: null })
    expect(parseLinkFragment('#token=abc&workspace=api-server')).toEqual({ token: 'abc', workspace: 'api-server' })
  })

  it('is told apart from a screen of the page', () => {
    expect(parseLinkFragment('')).toBeNull()
    expect(parseLinkFragment('#/settings/network')).toBeNull()
    expect(parseLinkFragment('#/workspace/token')).toBeNull()
  })
})

describe('waiting for Berth to come back', () => {
  it('takes twice as long each time, and never longer than 8 s', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 50].map(retryDelay)).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000])
  })
})
