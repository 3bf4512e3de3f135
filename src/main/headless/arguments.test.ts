import { describe, expect, it } from 'vitest'
import { parseServeArguments } from './arguments'

describe('the arguments of a headless Berth', () => {
  it('may be none', () => {
    expect(parseServeArguments([])).toEqual({ port: undefined, json: false })
  })

  it('name a port and the form of the answer', () => {
    expect(parseServeArguments(['--port', '8080', '--json'])).toEqual({ port: 8080, json: true })
    expect(parseServeArguments(['--port=0'])).toEqual({ port: 0, json: false })
  })

  it.each([['--port', 'abc'], ['--port', '65536'], ['--port', '1.5'], ['--port='], ['--port'], ['--other'], ['word']])(
    'are refused with a reason: %s %s',
    (...args) => {
      expect(parseServeArguments(args)).toEqual(expect.stringMatching(/./))
    },
  )
})
