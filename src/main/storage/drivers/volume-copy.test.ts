import { describe, expect, it } from 'vitest'
import { parseMessage } from './volume-copy'

describe('what the copying program says', () => {
  it('is read line by line', () => {
    expect(parseMessage('progress 12 -1')).toEqual({ kind: 'progress', done: 12, total: -1 })
    expect(parseMessage('measured 4096 -')).toEqual({ kind: 'measured', bytes: 4096, exclusiveBytes: null })
    expect(parseMessage('measured 4096 512')).toEqual({ kind: 'measured', bytes: 4096, exclusiveBytes: 512 })
    expect(parseMessage('ready')).toEqual({ kind: 'ready' })
    expect(parseMessage('done')).toEqual({ kind: 'done' })
    expect(parseMessage('')).toBeNull()
  })

  it('tells a full disk from all else, and names the file', () => {
    expect(() => parseMessage('failed no-space could not write a b c: No space left on device')).toThrow(
      expect.objectContaining({ code: 'DISK_FULL', message: expect.stringContaining('could not write a b c') }),
    )
    expect(() => parseMessage('failed error could not read x: Input/output error')).toThrow(
      expect.objectContaining({
        code: 'ENGINE_REFUSED',
        data: expect.objectContaining({ reason: 'could not read x: Input/output error' }),
      }),
    )
  })
})
